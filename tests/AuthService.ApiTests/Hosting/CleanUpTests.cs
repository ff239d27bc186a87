using System.Diagnostics;
using System.Net;
using Xunit;

namespace AuthService.ApiTests.Hosting;

public abstract class CleanUpTests(AuthHost host)
{
    /// <summary>More than two batches, so that two instances delete at the same time.</summary>
    private const int ManyRows = 1_500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly Settings Often = new()
    {
        ["CleanUp:Interval"] = "00:00:00.200",
        ["Jwt:ClaimRetention"] = "01:00:00",
        ["Sessions:PublicComputerLifetime"] = "02:00:00",
    };

    [Fact]
    public async Task Two_instances_delete_what_has_expired_and_nothing_else()
    {
        await using var own = await host.StartAnotherAsync(Often);
        await using var twin = await own.StartTwinAsync(Often);
        var person = await own.CreatePersonAsync();
        var service = await own.CreateServiceAsync();
        var idle = await own.LoginAsync(person);
        await StartOnPublicComputerAsync(own, person);
        await ClaimAsync(own, service, "forgotten", HttpStatusCode.NoContent);
        await FailAndSucceedAsync(own, await own.CreatePersonAsync());
        await own.TryLoginAsync(Principals.NewName("nobody"), "wrong-password").ExpectAsync(HttpStatusCode.Unauthorized);
        await KeysThatExpireAsync(own, service, TimeSpan.FromMinutes(1), TimeSpan.FromDays(31));
        await own.Database.ExecuteAsync("UPDATE api_keys SET expire_at = 1 WHERE name = 'long ago'");
        var before = await own.Database.CountAsync("sessions");

        own.Clock.Advance(TimeSpan.FromHours(3));
        await FloodWithExpiredAsync(own.Database);
        await ClaimAsync(own, service, "remembered", HttpStatusCode.NoContent);
        await own.TryLoginAsync(person.Id, "wrong-password").ExpectAsync(HttpStatusCode.Unauthorized);

        await UntilAsync(own.Database, "sessions", before - 1);
        await UntilAsync(own.Database, "claims", 1);
        await UntilAsync(own.Database, "lockouts", 2);
        await UntilAsync(own.Database, "api_keys", 2);
        await ClaimAsync(twin, service, "remembered", HttpStatusCode.Conflict);
        await twin.TryRefreshAsync(idle.RefreshToken).ExpectAsync(HttpStatusCode.OK);
        Assert.DoesNotContain(own.Log.Lines.Concat(twin.Log.Lines), line => line.Contains("CleanUpWorker", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failures_in_a_row_of_a_name_that_nobody_has_are_forgotten_after_30_days_and_others_never()
    {
        await using var own = await host.StartAnotherAsync(Often);
        using var frozen = own.Clock.Freeze();
        var person = await own.CreatePersonAsync();
        await own.TryLoginAsync(Principals.NewName("nobody"), "wrong-password").ExpectAsync(HttpStatusCode.Unauthorized);
        await own.TryLoginAsync(person.Id, "wrong-password").ExpectAsync(HttpStatusCode.Unauthorized);

        own.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        await UntilAsync(own.Database, "lockouts", 2);
        own.Clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(own.Database, "lockouts", 1);
        own.Clock.Advance(TimeSpan.FromDays(3_000));
        await UntilAsync(own.Database, "lockouts", 1);

        await own.LoginAsync(person);
        await UntilAsync(own.Database, "lockouts", 0);
    }

    /// <summary>Leaves only the severity of a lock, which is forgotten an hour after the lock ended.</summary>
    private static async Task FailAndSucceedAsync(AuthHost host, Person person)
    {
        for (var i = 0; i < 5; i++)
            await host.TryLoginAsync(person.Id, "wrong-password").ExpectAsync(HttpStatusCode.Unauthorized);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await host.LoginAsync(person);
    }

    /// <summary>Inserts sessions and claimed tokens that expired long ago, so that the worker has several batches to delete.</summary>
    private static async Task FloodWithExpiredAsync(TestDatabase database)
    {
        var (numbers, id, hash) = database.IsPostgres
            ? ($"WITH n(i) AS (SELECT generate_series(1, {ManyRows}))", "gen_random_uuid()", "sha256(i::text::bytea)")
            : (
                $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ManyRows})",
                "printf('00000000-0000-4000-8000-%012d', i)",
                "randomblob(32)");
        await database.ExecuteAsync($"{numbers} INSERT INTO claims (jti_hash, forget_at) SELECT {hash}, i FROM n");
        await database.ExecuteAsync(
            $"""
            {numbers} INSERT INTO sessions (id, principal_number, security_stamp, created_at, last_used_at, suspend_at, expire_at,
                                            idle_timeout, public_computer, mobile_device, state, mode, scopes)
            SELECT {id}, (SELECT min(number) FROM principals), 0, 1, 1, 1, i,
                   1, (SELECT public_computer FROM sessions LIMIT 1), (SELECT mobile_device FROM sessions LIMIT 1), 1, 1, 'all:write' FROM n
            """);
    }

    /// <summary>Creates API keys with these lifetimes, and one more that the test lets expire long ago.</summary>
    private static async Task KeysThatExpireAsync(AuthHost host, Service service, params TimeSpan[] lifetimes)
    {
        var (path, admin) = ($"/admin/principals/{service.Id}/api-keys", await host.AdminTokenAsync());
        foreach (var lifetime in lifetimes)
            await host.PostAsync(path, admin, new { name = "soon", expireAt = host.Clock.GetUtcNow() + lifetime }).ExpectAsync(HttpStatusCode.Created);
        await host.PostAsync(path, admin, new { name = "long ago" }).ExpectAsync(HttpStatusCode.Created);
    }

    private static async Task StartOnPublicComputerAsync(AuthHost host, Person person) => await host.PostAsync("/auth/login", json: new FormUrlEncodedContent(
        [new("username", person.Id), new("password", person.Password), new("service", "web"), new("publicComputer", "true")])).ExpectAsync(HttpStatusCode.OK);

    private static async Task ClaimAsync(AuthHost host, Service service, string jti, HttpStatusCode expected) =>
        await host.PostAsync($"/auth/claim?jti={jti}", await host.ServiceTokenAsync(service.RefreshToken)).ExpectAsync(expected);

    private static async Task UntilAsync(TestDatabase database, string table, long rows)
    {
        var waited = Stopwatch.StartNew();
        while (await database.CountAsync(table) is var count && count != rows)
        {
            Assert.True(waited.Elapsed < Patience && count > rows, $"{table} has {count} rows after {waited.Elapsed}, not {rows}");
            await Task.Delay(50);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(500));
        Assert.Equal(rows, await database.CountAsync(table));
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : CleanUpTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : CleanUpTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : CleanUpTests(store.Host);
}

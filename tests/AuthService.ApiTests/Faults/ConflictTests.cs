using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// PostgreSQL rolls a transaction back because of another one. The whole unit of work is repeated, at most three times, and nothing is done twice.
/// </summary>
public sealed class ConflictTests : IAsyncLifetime
{
    private AuthHost _host = null!;

    private static readonly string[] Hurt =
    [
        "login", "logout", "bulk invalidate", "claim", "one-time token", "extension", "create session", "enable for a product", "impersonation",
        "create application", "create application with a key", "magic link", "create person", "change person", "delete person", "set a password",
        "change the own password", "all sessions",
    ];

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(Store.Postgres);

    [Theory]
    [InlineData("40001", false)]
    [InlineData("40P01", false)]
    [InlineData("40001", true)]
    public async Task What_was_taken_back_is_done_again(string sqlState, bool atCommit)
    {
        var violations = new List<string>();
        foreach (var name in Hurt)
        {
            var whole = await TryAsync(name, () => Task.CompletedTask);
            var repeated = await TryAsync(name, () => FailAsync(sqlState, atCommit, times: 2));
            await HealAsync();
            if (repeated != whole)
                violations.Add($"{name}, taken back twice with {sqlState}: {repeated}, and not {whole}");
        }

        Checker.Expect(violations);
        ProofTable.Add("Faults", $"Taken back twice with {sqlState}{(atCommit ? " at the commit" : "")}", $"{Hurt.Length} kinds of call, each done once");
    }

    [Fact]
    public async Task What_is_taken_back_again_and_again_is_given_up_and_leaves_nothing()
    {
        var violations = new List<string>();
        foreach (var name in Hurt)
        {
            var (status, left) = await TryAsync(name, () => FailAsync("40001", atCommit: false, times: 1000));
            var tries = await HealAsync();
            if (status is not HttpStatusCode.ServiceUnavailable || left.Length > 0 || tries is < 2 or > 4)
                violations.Add($"{name}, always taken back: {status} after {tries} tries, left \"{left}\"");
        }

        Checker.Expect(violations);
        ProofTable.Add("Faults", "Taken back again and again with 40001", $"{Hurt.Length} kinds of call, at most 4 tries, 503 and nothing left");
    }

    /// <summary>
    /// A real deadlock: the service locks the person and waits for the session, the test locks the session and waits for the person. A connection
    /// searches for a deadlock once, after its deadlock_timeout, and is then rolled back. The service searches late enough for a slow test, and the
    /// test never.
    /// </summary>
    [Fact]
    public async Task A_deadlock_costs_a_repeat_and_nothing_else()
    {
        var address = new NpgsqlConnectionStringBuilder(_host.Database.ConnectionString) { Options = "-c deadlock_timeout=3s" }.ConnectionString;
        await using var twin = await _host.StartTwinAsync(new() { ["ConnectionStrings:Postgres"] = address });
        var person = await _host.CreatePersonAsync();
        var session = await _host.LoginAsync(person);
        var admin = await _host.AdminTokenAsync();
        await using var other = new NpgsqlConnection(_host.Database.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await LockAsync(other, $"SET LOCAL deadlock_timeout = '1min'; SELECT 1 FROM sessions WHERE id = '{session.SessionId}' FOR UPDATE");

        var change = twin.PatchAsync(Administration.PathOf(person.Id), admin, new { role = "ADMIN" });
        await UntilSomebodyWaitsForALockAsync();
        await LockAsync(other, $"SELECT 1 FROM principals WHERE id = '{person.Id}' FOR UPDATE");
        await transaction.RollbackAsync();

        await change.ExpectAsync(HttpStatusCode.OK);
        await _host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Single((await DatabaseSnapshot.ReadAsync(_host.Database)).Done("principal_changed"));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    /// <returns>The status of the response, and the changes that the call made.</returns>
    private async Task<(HttpStatusCode Status, string Left)> TryAsync(string name, Func<Task> harm)
    {
        var call = await Flow.All[name].PrepareAsync(_host);
        var before = await Footprint.TakeAsync(_host.Database);
        await harm();
        using var response = await call();
        return (response.StatusCode, (await Footprint.TakeAsync(_host.Database)).Since(before));
    }

    private async Task UntilSomebodyWaitsForALockAsync()
    {
        for (var tries = 0; await _host.Database.CountAsync("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0; tries++)
        {
            Assert.True(tries < 600, "Nobody waits for the lock");
            await Task.Delay(50);
        }
    }

    private static async Task LockAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteScalarAsync();
    }

    /// <summary>
    /// Makes the next transactions that write an audit entry fail, as many as given. A sequence counts them, because it is not rolled back with them.
    /// </summary>
    private Task FailAsync(string sqlState, bool atCommit, int times) => _host.Database.ExecuteAsync(
        $"""
        CREATE SEQUENCE forced;
        CREATE FUNCTION force() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('forced') <= {times} THEN
                RAISE EXCEPTION 'forced' USING ERRCODE = '{sqlState}';
            END IF;
            RETURN NULL;
        END $$;
        CREATE CONSTRAINT TRIGGER forced AFTER INSERT ON audit_events
            DEFERRABLE INITIALLY {(atCommit ? "DEFERRED" : "IMMEDIATE")} FOR EACH ROW EXECUTE FUNCTION force();
        """);

    /// <returns>The number of attempts.</returns>
    private async Task<long> HealAsync()
    {
        await using var connection = new NpgsqlConnection(_host.Database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT last_value FROM forced", connection);
        var tries = (long)(await command.ExecuteScalarAsync())!;
        await _host.Database.ExecuteAsync("DROP TRIGGER forced ON audit_events; DROP FUNCTION force(); DROP SEQUENCE forced");
        return tries;
    }
}

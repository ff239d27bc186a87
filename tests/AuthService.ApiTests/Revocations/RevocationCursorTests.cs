using System.Diagnostics;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>
/// A reader of the feed misses nothing, whichever instance it calls. A cursor that cannot be used is answered from the beginning, and the response says so.
/// </summary>
public abstract class RevocationCursorTests(AuthHost host)
{
    private const int AllAtOnce = 10_000;

    [Theory]
    [InlineData("after=")]
    [InlineData("after=1")]
    [InlineData("after=a.b")]
    [InlineData("after=a.-1")]
    [InlineData("after=a.1.b")]
    [InlineData("after=a.1.b.x")]
    [InlineData("after=a.1.b.2.3")]
    [InlineData("after=a.1.bt.2")]
    [InlineData("after=a.1.bt1t1.2")]
    [InlineData("after=a.99999999999999999999")]
    [InlineData("after=%C3%A4.1")]
    [InlineData("after=a.1&after=a.1")]
    [InlineData("wait=31")]
    [InlineData("wait=-1")]
    [InlineData("wait=1.5")]
    [InlineData("wait=")]
    public async Task What_is_no_cursor_and_no_number_of_seconds_is_refused(string query) =>
        Assert.Equal("BAD_REQUEST", await host.GetAsync($"/revocations?{query}", await host.AdminTokenAsync()).ProblemAsync(HttpStatusCode.BadRequest));

    [Theory]
    [InlineData("another database", "{0}0.{1}")]
    [InlineData("another database, of an instance", "{0}0.{1}.0123456789abcdef.7")]
    [InlineData("the future", "{0}.9000000000000000000")]
    [InlineData("the future, of an instance", "{0}.9000000000000000000.0123456789abcdef.7")]
    [InlineData("long ago", "{0}.{1}.0123456789abcdeft0.7")]
    public async Task A_cursor_that_cannot_be_used_begins_anew_and_says_so(string what, string form)
    {
        var (session, validator) = (await host.SignedInPersonAsync(), await NewValidatorAsync());
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await validator.LearnsOfAsync(session.AccessToken);
        var parts = validator.Cursor!.Split('.');
        var cursor = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, parts[0], parts[1]);

        var answer = await ReadAsync(host, cursor, wait: 30);

        Assert.True(answer.GetProperty("restarted").GetBoolean(), what);
        Assert.Contains(answer.GetProperty("revoked").EnumerateArray(), entry => IsOf(entry, session));
        Assert.False((await ReadAsync(host, answer.Text("cursor"))).TryGetProperty("restarted", out _));
    }

    [Fact]
    public async Task A_reader_that_goes_on_hears_nothing_twice_while_nothing_is_running()
    {
        var (session, validator) = (await host.SignedInPersonAsync(), await NewValidatorAsync());
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await validator.LearnsOfAsync(session.AccessToken);

        Assert.DoesNotContain((await validator.ReadAsync(wait: 1)).GetProperty("revoked").EnumerateArray(), entry => IsOf(entry, session));
    }

    [Fact]
    public async Task A_call_waits_for_what_another_instance_revokes_and_then_answers_at_once()
    {
        await using var twin = await host.StartTwinAsync();
        var (session, validator) = (await host.SignedInPersonAsync(), await NewValidatorAsync());
        await validator.ReadAsync();
        var (took, waiting) = (Stopwatch.StartNew(), WaitAsync());
        await Task.Delay(1_000);
        Assert.False(waiting.IsCompleted);

        await twin.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await waiting;

        Assert.True(took.Elapsed < TimeSpan.FromSeconds(30), "it waited to the end");

        async Task WaitAsync()
        {
            while (!validator.Refuses(session.AccessToken))
                await validator.ReadAsync(wait: 30);
        }
    }

    [Fact]
    public async Task A_call_that_waits_in_vain_says_until_when_nothing_was_revoked()
    {
        await using var own = await host.StartAnotherAsync();
        var admin = await own.NewAdminTokenAsync();
        var first = await ReadAsync(own, cursor: null);

        var second = await ReadAsync(own, first.Text("cursor"), wait: 2, admin);

        Assert.Equal(0, second.GetProperty("revoked").GetArrayLength());
        Assert.InRange(second.GetProperty("now").GetDouble() - first.GetProperty("now").GetDouble(), 1, 60);
    }

    [Fact]
    public async Task What_commits_late_is_not_passed_over()
    {
        await using var twin = await host.StartTwinAsync();
        var validator = new OfflineValidator(call => call % 2 == 0 ? host : twin, await host.NewServiceTokenAsync());
        var (late, early) = (Guid.NewGuid(), await host.SignedInPersonAsync());
        await using var open = await host.Database.BeginAsync(InsertOf(late, NowOf(host)));
        var logout = host.PostAsync("/auth/logout", early.RefreshToken);
        if (host.Database.IsPostgres) // SQLite allows only one writer
        {
            await logout.ExpectAsync(HttpStatusCode.NoContent);
            await validator.LearnsOfAsync(early.AccessToken);
        }

        await open.Transaction.CommitAsync();
        await logout;

        await validator.LearnsOfSessionAsync(late);
    }

    [Fact]
    public async Task Of_many_sessions_that_end_on_two_instances_none_is_missed()
    {
        await using var twin = await host.StartTwinAsync();
        AuthHost[] both = [host, twin];
        var credential = await host.NewServiceTokenAsync();
        OfflineValidator[] validators = [new(host, credential), new(twin, credential), new(call => both[call % 2], credential)];
        var person = await host.CreatePersonAsync();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => both[number % 2].LoginAsync(person)));
        using var done = new CancellationTokenSource();
        var reading = validators.Select(validator => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested || !sessions.All(session => validator.Refuses(session.AccessToken)))
                await validator.ReadAsync(wait: 1);
        })).ToArray();

        await Task.WhenAll(sessions.Select((session, number) =>
            both[number / 2 % 2].PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent)));
        await done.CancelAsync();

        await Task.WhenAll(reading).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_than_one_answer_holds_comes_in_several(bool fromTwoInstances)
    {
        await using var own = await host.StartAnotherAsync();
        await using var twin = await own.StartTwinAsync();
        var now = NowOf(own);
        await own.Database.ExecuteAsync(
            $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {AllAtOnce + 500})
            INSERT INTO identity_revocations (subject, security_stamp, revoked_at, forget_at)
            SELECT 'somebody ' || n, 1, {now}, {now + (7L * 24 * 60 * 60 * 1_000_000)} FROM numbers
            """);
        var admin = await own.NewAdminTokenAsync();

        var first = await ReadAsync(own, cursor: null, bearer: admin);
        var second = await ReadAsync(fromTwoInstances ? twin : own, first.Text("cursor"), bearer: admin);

        Assert.True(first.GetProperty("more").GetBoolean());
        Assert.False(second.TryGetProperty("more", out _));
        Assert.Equal((AllAtOnce, 500), (first.GetProperty("revoked").GetArrayLength(), second.GetProperty("revoked").GetArrayLength()));
        var subjects = new[] { first, second }.SelectMany(page => page.GetProperty("revoked").EnumerateArray()).Select(entry => entry.Text("sub"));
        Assert.Equal(AllAtOnce + 500, subjects.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_call_that_waits_is_answered_when_the_instance_stops()
    {
        var twin = await host.StartTwinAsync();
        var first = await ReadAsync(twin, cursor: null);
        var waiting = ReadAsync(twin, first.Text("cursor"), wait: 30, await host.NewServiceTokenAsync());
        await Task.Delay(500);
        var took = Stopwatch.StartNew();

        await twin.CallAsync((IHostApplicationLifetime lifetime) =>
        {
            lifetime.StopApplication();
            return Task.FromResult(true);
        });

        Assert.NotEmpty((await waiting).Text("cursor"));
        Assert.True(took.Elapsed < TimeSpan.FromSeconds(25), "it waited to the end");
        await twin.DisposeAsync();
    }

    private static bool IsOf(JsonElement entry, SignedIn session) => entry.TryGetProperty("sid", out var id) && id.GetString() == session.SessionId;

    private static string InsertOf(Guid session, long now) =>
        $"""
        INSERT INTO ended_sessions (id, principal_number, reason, ended_at, expire_at)
        VALUES ('{session.ToString().ToUpperInvariant()}', 1, 0, {now}, {now + (7L * 24 * 60 * 60 * 1_000_000)})
        """;

    /// <summary>Returns the current time of the instance's clock in microseconds since 1970.</summary>
    private static long NowOf(AuthHost host) => host.Clock.GetUtcNow().ToUnixTimeMilliseconds() * 1_000;

    private static async Task<JsonElement> ReadAsync(AuthHost host, string? cursor, int wait = 0, string? bearer = null) =>
        await host.ReadFeedAsync(bearer ?? await host.AdminTokenAsync(), cursor, wait);

    private async Task<OfflineValidator> NewValidatorAsync() => new(host, await host.NewServiceTokenAsync());

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevocationCursorTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevocationCursorTests(store.Host);
}

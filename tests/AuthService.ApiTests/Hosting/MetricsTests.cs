using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>The metrics that show an operator what people and services do.</summary>
public abstract class MetricsTests(AuthHost host)
{
    private static readonly string[] KnownOutcomes =
    [
        "right", "wrong", "locked", "granted", "refused", "claimed", "claimed_before", "extended", "extended_with_session", "invalid_token",
        "not_allowed", "too_long",
        "web", "application", "delegated", "opened", "sign_out", "revocation", "principal_change", "expiry",
    ];

    [Fact]
    public async Task Sign_ins_are_counted_by_outcome_and_locks_too()
    {
        var person = await host.CreatePersonAsync();
        using var frozen = host.Clock.Freeze();
        using var metrics = host.RecordMetrics();

        await host.LoginAsync(person);
        await host.FailAsync(person.Id, 5);
        await host.LockedForAsync(person.Id, person.Password);
        await host.LockedForAsync(person.Id, "wrong");

        Assert.Equal(1, metrics["sign_in.attempts{outcome=right}"]);
        Assert.Equal(5, metrics["sign_in.attempts{outcome=wrong}"]);
        Assert.Equal(2, metrics["sign_in.attempts{outcome=locked}"]);
        Assert.Equal(1, metrics["sign_in.locks"]);
        Assert.Equal(6, metrics["password_hashing.duration"]);
        Assert.Equal(0, metrics["password_hashing.waiting"]);
    }

    [Fact]
    public async Task Wrong_codes_of_second_factors_are_counted()
    {
        var guarded = await host.GuardedAsync();
        using var metrics = host.RecordMetrics();

        await host.ExpectWrongAsync(await host.ChallengeAsync(guarded.Person), "000000");

        Assert.Equal(1, metrics["sign_in.wrong_codes"]);
    }

    [Fact]
    public async Task Refreshes_are_counted_by_outcome_at_both_endpoints()
    {
        var person = await host.CreatePersonAsync();
        var (web, app) = (await host.LoginAsync(person, "web"), await host.LoginAsync(person));
        using var metrics = host.RecordMetrics();

        await host.UseAsync(web);
        await host.UseAsync(app);
        await host.TryRefreshAsync(web.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);

        Assert.Equal(2, metrics["sessions.refreshes{outcome=granted}"]);
        Assert.Equal(1, metrics["sessions.refreshes{outcome=refused}"]);
    }

    [Fact]
    public async Task Sessions_are_counted_as_they_begin()
    {
        var person = await host.CreatePersonAsync();
        var service = await host.NewServiceTokenAsync("_svc");
        using var metrics = host.RecordMetrics();

        await host.LoginAsync(person, "web");
        var app = await host.LoginAsync(person);
        await host.PostAsync("/sessions", service, new { userUuid = person.Uuid }).ExpectAsync(HttpStatusCode.Created);
        var extension = new { validJWT = app.AccessToken, requestedScopes = new[] { "files:write" }, expiresIn = 60_000, allowRefreshes = true };
        await host.PostAsync("/auth/extend", service, extension).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(1, metrics["sessions.started{kind=web}"]);
        Assert.Equal(1, metrics["sessions.started{kind=application}"]);
        Assert.Equal(1, metrics["sessions.started{kind=opened}"]);
        Assert.Equal(1, metrics["sessions.started{kind=delegated}"]);
    }

    [Fact]
    public async Task Sessions_are_counted_as_they_end_with_the_reason()
    {
        var person = await host.CreatePersonAsync();
        var sessions = new List<SignedIn>();
        for (var session = 0; session < 5; session++)
            sessions.Add(await host.LoginAsync(person));
        var admin = await host.AdminTokenAsync();
        using var metrics = host.RecordMetrics();

        await host.PostAsync("/auth/logout", sessions[0].RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync("/auth/logout", sessions[0].RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.DeleteAsync($"/account/auth/sessions/{sessions[1].SessionId}", sessions[4].AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.DeleteAsync("/account/auth/sessions/all", sessions[4].AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.LoginAsync(person);
        await host.PatchAsync($"/admin/principals/{person.Id}", admin, new { state = "DISABLED" }).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(1, metrics["sessions.ended{reason=sign_out}"]);
        Assert.Equal(4, metrics["sessions.ended{reason=revocation}"]);
        Assert.Equal(1, metrics["sessions.ended{reason=principal_change}"]);
    }

    [Fact]
    public async Task Claims_and_extensions_are_counted_by_outcome()
    {
        var person = await host.SignedInPersonAsync();
        var service = await host.NewServiceTokenAsync("_svc");
        using var metrics = host.RecordMetrics();
        var jti = (await host.PostAsync("/auth/request?audience=files:read", person.AccessToken).ExpectAsync(HttpStatusCode.OK)).Text("jti");

        await host.PostAsync($"/auth/claim?jti={jti}", service).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync($"/auth/claim?jti={jti}", service).ExpectAsync(HttpStatusCode.Conflict);
        await ExtendAsync(person.AccessToken, "files:write").ExpectAsync(HttpStatusCode.OK);
        await ExtendAsync(person.AccessToken, "jobs:write").ExpectAsync(HttpStatusCode.Forbidden);
        await ExtendAsync("nonsense", "files:write").ExpectAsync(HttpStatusCode.Unauthorized);

        Assert.Equal(1, metrics["claims{outcome=claimed}"]);
        Assert.Equal(1, metrics["claims{outcome=claimed_before}"]);
        Assert.Equal(1, metrics["extensions{outcome=extended}"]);
        Assert.Equal(1, metrics["extensions{outcome=not_allowed}"]);
        Assert.Equal(1, metrics["extensions{outcome=invalid_token}"]);

        Task<HttpResponseMessage> ExtendAsync(string token, string scope) =>
            host.PostAsync("/auth/extend", service, new { validJWT = token, requestedScopes = new[] { scope }, expiresIn = 60_000 });
    }

    [Fact]
    public async Task Active_sessions_are_counted_on_a_beat_and_the_expired_ones_as_they_go()
    {
        await using var another = await host.StartAnotherAsync(new() { ["Metrics:SessionCountInterval"] = "00:00:00.1", ["CleanUp:Interval"] = "1.00:00:00" });
        using var metrics = another.RecordMetrics();
        var person = await another.CreatePersonAsync();
        for (var session = 0; session < 3; session++)
            await another.LoginAsync(person);
        await UntilAsync(() => metrics["sessions.active"] == 4);

        another.Clock.Advance(TimeSpan.FromDays(31));
        await UntilAsync(() => metrics["sessions.active"] == 0);
        await another.DeleteAsync("/sessions/expired", await another.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal(4, metrics["sessions.ended{reason=expiry}"]);
        await UntilAsync(() => metrics["sessions.active"] == 1);
    }

    [Fact]
    public async Task How_long_keys_still_sign_is_told_until_none_does()
    {
        var end = TimeProvider.System.GetUtcNow().AddHours(2);
        await using var another = await host.StartAnotherAsync(
            SigningKeys.Dates(0, retireAfter: end.AddHours(-1)).With(SigningKeys.At(1, "ES256", "last", activeFrom: end.AddHours(-1), retireAfter: end)));
        using var frozen = another.Clock.Freeze();
        using var metrics = another.RecordMetrics();
        using var usual = host.RecordMetrics();

        Assert.Equal((end - another.Clock.GetUtcNow()).TotalSeconds, metrics.Observe("signing_keys.remaining"), precision: 3);
        another.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(0, metrics.Observe("signing_keys.remaining"));
        usual.Observe("signing_keys.remaining");
        Assert.DoesNotContain("authservice.signing_keys.remaining", usual.Series, StringComparer.Ordinal);
    }

    /// <summary>A tag with a name or an id would create a separate series for every principal.</summary>
    [Fact]
    public async Task There_are_only_so_many_series()
    {
        using var metrics = host.RecordMetrics();

        await Sign_ins_are_counted_by_outcome_and_locks_too();
        await Refreshes_are_counted_by_outcome_at_both_endpoints();
        await Sessions_are_counted_as_they_begin();
        await Sessions_are_counted_as_they_end_with_the_reason();
        await Claims_and_extensions_are_counted_by_outcome();

        var values = metrics.Series.Where(series => series.Contains('{', StringComparison.Ordinal)).Select(series => series.TrimEnd('}').Split('='))
            .ToLookup(series => series[0] is "authservice.refusals{reason", series => series[1]);
        Assert.Empty(values[false].Distinct(StringComparer.Ordinal).Except(KnownOutcomes, StringComparer.Ordinal));
        Assert.All(values[true], reason => Assert.Matches("^[A-Z_]+$", reason)); // so it is neither a name nor an id
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(1), "It did not come");
            await Task.Delay(20);
        }
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : MetricsTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : MetricsTests(store.Host);
}

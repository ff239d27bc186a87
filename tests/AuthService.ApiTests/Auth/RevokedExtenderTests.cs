using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;

namespace AuthService.ApiTests.Auth;

/// <summary>Revoking a service revokes everything that it got by extension: its delegated sessions, its tokens, and what others made from them.</summary>
public abstract class RevokedExtenderTests(SharedHost shared) : IAsyncLifetime
{
    private AuthHost _host = shared.Host;

    /// <summary>Enables the services again that the test before disabled, and lets time pass, so that no new token counts as made before that.</summary>
    public Task InitializeAsync()
    {
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        return _host.Database.ExecuteAsync("UPDATE principals SET state = 0 WHERE id IN ('_svc', '_svc2')");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_whose_chain_names_it_is_gone_when_it_is_disabled_or_deleted(bool isDeleted)
    {
        await using var own = isDeleted ? await shared.Host.StartAnotherAsync() : null; // the name of a deleted service is not free again
        _host = own ?? _host;
        var (session, given) = await GiveAsync();
        var apart = await _host.DelegateAsync(await _host.NewServiceTokenAsync("_svc2"), session.AccessToken, "files:read");
        Assert.Equal(5, await HeldAsync(given));

        if (isDeleted)
            await _host.DeleteAsync(Administration.PathOf("_svc"), await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);
        else
            await SetStateAsync("DISABLED");

        Assert.Equal(0, await HeldAsync(given));
        foreach (var delegated in given.Sessions)
            Assert.Equal("ACCOUNT_CHANGED", (await _host.TryRefreshAsync(delegated.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized)).Text("errorCode"));
        foreach (var token in given.Tokens)
            await _host.ExpectInactiveAsync("ExtenderRevoked", await _host.NewServiceTokenAsync(), token);
        Assert.Equal(2, (await _host.MySessionsAsync(session.AccessToken)).Length);
        Assert.True(await _host.HoldsAsync(apart.AccessToken));
        await _host.RefreshAsync(apart.RefreshToken);
        await _host.RefreshAsync(session.RefreshToken);
    }

    [Fact]
    public async Task Whoever_checks_offline_hears_of_it()
    {
        var (session, given) = await GiveAsync();
        var apart = await _host.ExtendAsync(await _host.NewServiceTokenAsync("_svc2"), session.AccessToken, "files:read");
        var service = await _host.NewServiceTokenAsync("_svc");
        var day = await _host.TryExtendAsync(service, session.AccessToken, ["files:read"], 24 * 60 * Delegations.Minute).ExpectAsync(HttpStatusCode.OK);
        var validator = new OfflineValidator(_host, await _host.NewServiceTokenAsync());

        var receipt = await _host.PatchAsync(Administration.PathOf("_svc"), await _host.AdminTokenAsync(), new { state = "DISABLED" })
            .ReceiptClaimsAsync(HttpStatusCode.OK);

        await validator.ComesToAsync(receipt.Text("cursor"));
        foreach (var token in given.Tokens.Append(day.Text("accessToken")))
        {
            Assert.True(validator.Refuses(token));
            Assert.True(validator.Find(token)!.Value.GetProperty("until").GetInt64() >= Requests.ClaimsOf(token).GetProperty("exp").GetInt64());
            Assert.True(receipt.GetProperty("offlineUntil").GetInt64() >= Requests.ClaimsOf(token).GetProperty("exp").GetInt64());
        }

        Assert.False(validator.Refuses(session.AccessToken));
        Assert.False(validator.Refuses(apart));
        await SetStateAsync("ENABLED");
        _host.Clock.Advance(TimeSpan.FromSeconds(3));
        var next = await _host.ExtendAsync(await _host.NewServiceTokenAsync("_svc"), await _host.RefreshAsync(session.RefreshToken), "files:read");
        await validator.ReadAsync(wait: 1);
        Assert.False(validator.Refuses(next));
    }

    [Fact]
    public async Task No_session_comes_back_when_it_is_enabled_again()
    {
        var (_, given) = await GiveAsync();
        await SetStateAsync("DISABLED");
        await SetStateAsync("ENABLED");

        foreach (var delegated in given.Sessions)
            await _host.TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_new_refresh_token_of_the_service_changes_nothing_of_it()
    {
        var (_, given) = await GiveAsync();

        await _host.PostAsync($"{Administration.PathOf("_svc")}/refresh-token", await _host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(5, await HeldAsync(given));
        foreach (var delegated in given.Sessions)
            await _host.RefreshAsync(delegated.RefreshToken);
    }

    /// <summary>During an upgrade, an instance of the previous version disables a service without revoking these sessions.</summary>
    [Fact]
    public async Task What_an_older_version_left_is_refused_and_does_not_come_back()
    {
        var (_, given) = await GiveAsync();
        await _host.Database.ExecuteAsync("UPDATE principals SET state = 1, security_stamp = security_stamp + 1 WHERE id = '_svc'");

        foreach (var delegated in given.Sessions)
        {
            await _host.ExpectReasonAsync(
                "ExtenderRevoked", () => _host.TryRefreshAsync(delegated.RefreshToken), HttpStatusCode.Unauthorized, "ACCOUNT_CHANGED");
            Assert.False(await _host.HoldsAsync(delegated.AccessToken));
        }

        await SetStateAsync("ENABLED");
        foreach (var delegated in given.Sessions)
            await _host.TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>
    /// The disabled service is the caller, or it extended the token that another service extends. In the second case neither the caller nor
    /// the session of the token changes.
    /// </summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Nothing_is_made_that_is_waited_for_while_it_is_disabled(bool byAnother, bool withSession)
    {
        var (session, service) = (await _host.SignedInPersonAsync(), await _host.NewServiceTokenAsync("_svc"));
        var token = await _host.ExtendAsync(service, session.AccessToken, "files:read");
        var caller = byAnother ? await _host.NewServiceTokenAsync("_svc2") : service;

        await using var disabling = await _host.Database.BeginAsync("UPDATE principals SET state = 1 WHERE id = '_svc'");
        var call = _host.TryExtendAsync(caller, token, ["files:read"], allowRefreshes: withSession);
        await disabling.ExpectToHoldUpAsync(call);
        await disabling.Transaction.CommitAsync();

        await call.RefusalAsync(HttpStatusCode.Unauthorized);
        Assert.Single(await _host.MySessionsAsync(session.AccessToken));
    }

    [Fact]
    public async Task No_one_time_token_is_made_of_what_it_narrowed_while_it_is_disabled()
    {
        var (session, service) = (await _host.SignedInPersonAsync(), await _host.NewServiceTokenAsync("_svc"));
        var token = await _host.ExtendAsync(service, session.AccessToken, "files:read");

        await using var disabling = await _host.Database.BeginAsync("UPDATE principals SET state = 1 WHERE id = '_svc'");
        var call = _host.PostAsync("/auth/request?audience=files:read", token);
        await disabling.ExpectToHoldUpAsync(call);
        await disabling.Transaction.CommitAsync();

        await call.RefusalAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>The tokens are extended on two instances.</summary>
    [Fact]
    public async Task Nothing_that_is_made_at_the_same_moment_survives()
    {
        await using var twin = await _host.StartTwinAsync();
        for (var round = 0; round < 12; round++)
        {
            var session = await _host.SignedInPersonAsync();
            var (caller, another) = (await _host.NewServiceTokenAsync("_svc"), await _host.NewServiceTokenAsync("_svc2"));
            var token = await _host.ExtendAsync(caller, session.AccessToken, "files:read");
            var making = Enumerable.Range(0, 6).Select(n => TryDelegateAsync(n < 3 ? _host : twin, n % 2 is 0 ? caller : another, token)).ToArray();
            await Task.WhenAny(making[round % making.Length], Task.Delay(TimeSpan.FromMilliseconds(round)));
            await SetStateAsync("DISABLED");

            var made = (await Task.WhenAll(making)).OfType<string>().ToArray();
            Assert.False(await twin.HoldsAsync(token));
            await SetStateAsync("ENABLED");
            foreach (var refreshToken in made)
                await twin.TryRefreshAsync(refreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
            Assert.Single(await twin.MySessionsAsync(session.AccessToken));
        }
    }

    [Fact]
    public async Task An_explanation_names_the_rule()
    {
        var (_, given) = await GiveAsync();
        await _host.Database.ExecuteAsync("UPDATE principals SET state = 1 WHERE id = '_svc'");

        var question = new { session = given.Sessions[0].SessionId, operation = "refresh" };
        var answer = await _host.PostAsync("/admin/explain", await _host.AdminTokenAsync(), question).ExpectAsync(HttpStatusCode.OK);

        var rule = Assert.Single(answer.GetProperty("rules").EnumerateArray(), rule => rule.GetProperty("refuses").GetBoolean());
        Assert.Equal("EXTENDER_REVOKED", rule.Text("reason"));
    }

    private async Task SetStateAsync(string state) =>
        await _host.PatchAsync(Administration.PathOf("_svc"), await _host.AdminTokenAsync(), new { state }).ExpectAsync(HttpStatusCode.OK);

    /// <summary>Extends tokens to the service, and from there to another one: directly, through its session and through its token.</summary>
    private async Task<(SignedIn Session, Given Given)> GiveAsync()
    {
        var session = await _host.SignedInPersonAsync();
        var (service, other) = (await _host.NewServiceTokenAsync("_svc"), await _host.NewServiceTokenAsync("_svc2"));
        var delegated = await _host.DelegateAsync(service, session.AccessToken, "files:read");
        var overSession = await _host.DelegateAsync(other, delegated.AccessToken, "files:read");
        var token = await _host.ExtendAsync(service, session.AccessToken, "files:read");
        var overToken = await _host.DelegateAsync(other, token, "files:read");
        return (session, new Given([delegated, overSession, overToken], [token, await _host.ExtendAsync(other, token, "files:read")]));
    }

    private async Task<int> HeldAsync(Given given)
    {
        var held = 0;
        foreach (var token in given.Sessions.Select(session => session.AccessToken).Concat(given.Tokens))
            held += await _host.HoldsAsync(token) ? 1 : 0;
        return held;
    }

    /// <returns>The refresh token; null if one of the two services was already disabled.</returns>
    private static async Task<string?> TryDelegateAsync(AuthHost instance, string caller, string token)
    {
        using var response = await instance.TryExtendAsync(caller, token, ["files:read"], allowRefreshes: true);
        return response.StatusCode is HttpStatusCode.Unauthorized ? null : (await response.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken");
    }

    private sealed record Given(SignedIn[] Sessions, string[] Tokens);

    public sealed class OnSqlite(SqliteStore store) : RevokedExtenderTests(store), IClassFixture<SqliteStore>;

    public sealed class OnPostgres(PostgresStore store) : RevokedExtenderTests(store), IClassFixture<PostgresStore>;
}

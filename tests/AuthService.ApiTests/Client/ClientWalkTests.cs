using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using AuthService.Client;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Client;

/// <summary>Every method of the typed client against an instance.</summary>
public abstract class ClientWalkTests(AuthHost host)
{
    [Fact]
    public async Task A_service_extends_a_user_s_token_and_the_next_service_sees_by_whom()
    {
        await using var first = await FileService.StartAsync(host, await host.CreateServiceAsync("_svc"));
        await using var second = await FileService.StartAsync(host, await host.CreateServiceAsync("_svc2"));
        var person = await host.SignedInPersonAsync();

        var once = await first.Auth.ExtendAsync(person.AccessToken, ["files:write"], TimeSpan.FromMinutes(5), allowRefreshes: true);
        var twice = await second.Auth.ExtendAsync(once.AccessToken, ["files.upload:read"], TimeSpan.FromMinutes(1));
        var oneTime = await second.Auth.RequestOneTimeTokenAsync(twice.AccessToken, ["files.upload:read", "files.upload.a:read:k!dg=="]);

        var seen = await second.SeeAsync(oneTime.AccessToken);
        Assert.Equal(Requests.ClaimsOf(person.AccessToken).Text("sub"), seen.Name);
        Assert.Equal(("_svc2", oneTime.Jti), (seen.ExtendedBy, seen.Jti));
        Assert.Equal(["_svc", "_svc2"], seen.Chain);
        Assert.Equal(["files.upload:read", "files.upload.a:read:k!dg=="], seen.Scopes);
        Assert.False(seen.IsUser);
        Assert.Equal((null, null), (twice.RefreshToken, twice.CsrfToken));
        Assert.NotNull(once.CsrfToken);
        Assert.Equal("_svc", (await first.SeeAsync(await host.RefreshAsync(once.RefreshToken!))).ExtendedBy);
        await first.ExpectAsync(HttpStatusCode.OK, "/upload", once.AccessToken);
        await first.ExpectAsync(HttpStatusCode.Forbidden, "/upload", twice.AccessToken);
    }

    [Fact]
    public async Task Refused_extensions_have_their_status_and_code()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync("_svc"));
        var token = (await host.SignedInPersonAsync()).AccessToken;
        Task<AuthServiceException> RefusalOf(string jwt, string scope, int hours = 1) =>
            Assert.ThrowsAsync<AuthServiceException>(() => files.Auth.ExtendAsync(jwt, [scope], TimeSpan.FromHours(hours)));

        Assert.Equal((HttpStatusCode.Forbidden, "SCOPE_NOT_ALLOWED"), Of(await RefusalOf(token, "jobs:read")));
        Assert.Equal((HttpStatusCode.Unauthorized, "INVALID_TOKEN"), Of(await RefusalOf("x.y.z", "files:read")));
        Assert.Equal((HttpStatusCode.BadRequest, "BAD_REQUEST"), Of(await RefusalOf(token, "files:read", hours: 25)));
        Assert.Equal(1, files.Gateway.CallsOf("/auth/refresh"));
    }

    [Fact]
    public async Task Sessions_are_invalidated_in_batches_of_10_000()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var people = new[] { await host.SignedInPersonAsync(), await host.SignedInPersonAsync("web") };
        var unknown = Enumerable.Range(0, 10_000).Select(i => $"rt_{i}");

        await files.Auth.InvalidateAsync([people[0].RefreshToken, .. unknown, people[1].RefreshToken]);
        await files.Auth.InvalidateAsync([]);

        foreach (var person in people)
            await host.ExpectEndedAsync(person);
        Assert.Equal(2, files.Gateway.CallsOf("/auth/logout/bulk"));
    }

    [Fact]
    public async Task Introspection_tells_what_an_offline_check_cannot_know()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync("_svc"));
        var person = await host.SignedInPersonAsync();
        var extended = await files.Auth.ExtendAsync(person.AccessToken, ["files:read"], TimeSpan.FromMinutes(1));

        var access = await files.Auth.IntrospectAsync(extended.AccessToken);
        Assert.Equal((true, "access_token", "USER"), (access.Active, access.TokenUse, access.Role));
        Assert.Equal(person.SessionId, access.SessionId.ToString());
        Assert.Equal(["files:read"], access.Scopes);
        Assert.Equal(["_svc"], access.ExtendedByChain);
        Assert.Equal(Requests.ClaimsOf(extended.AccessToken).GetProperty("exp").GetInt64(), access.ExpiresAt?.ToUnixTimeSeconds());
        Assert.Equal("refresh_token", (await files.Auth.IntrospectAsync(person.RefreshToken)).TokenUse);

        await files.Auth.InvalidateAsync([person.RefreshToken]);
        var ended = await files.Auth.IntrospectAsync(extended.AccessToken);
        Assert.True(ended is { Active: false, Subject: null, Scopes: [], ExtendedByChain: [], ExpiresAt: null });
        await files.SeeAsync(extended.AccessToken);
    }

    /// <summary>A 503 may be the answer to a call that has taken effect. A second one would open another session.</summary>
    [Fact]
    public async Task A_session_is_asked_for_once_and_looked_for_again()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var (sessions, person) = (files.Auth.Sessions, Guid.Parse((await host.CreatePersonAsync()).Uuid));
        var opened = await sessions.OpenAsync(new(person));

        files.Gateway.RefuseNext(retryAfter: 0);
        var refused = await Assert.ThrowsAsync<AuthServiceException>(() => sessions.OpenAsync(new(person)));
        files.Gateway.RefuseNext(retryAfter: 0);
        var found = await sessions.FindAsync(opened.SessionId);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(2, files.Gateway.CallsOf("/sessions"));
        Assert.Equal((opened.SessionId, 2), (found!.SessionId, files.Gateway.CallsOf($"/sessions/{opened.SessionId}")));
    }

    [Fact]
    public async Task A_session_is_opened_watched_enabled_and_ended()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var (sessions, person) = (files.Auth.Sessions, await host.CreatePersonAsync(new() { ["firstNames"] = "Ada", ["email"] = "ada@example.com" }));
        var wanted = new NewSession(Guid.Parse(person.Uuid)) { Enable = false, Sso = new("acme", "42"), CookieDomain = "example.com" };
        var opened = await sessions.OpenAsync(wanted);
        var user = opened.User;
        Assert.Equal((SessionState.New, "Ada", "ada@example.com", UserState.Enabled), (opened.State, user.DisplayName, user.Email, user.State));
        Assert.Equal((wanted.Sso, wanted.CookieDomain, new SsoProvider("acme")), (opened.Sso, opened.CookieDomain, user.SsoProvider));

        await sessions.EnableAsync(opened.SessionId);
        await sessions.EnableForAsync(opened.SessionId, SessionCalls.Connect);
        var enabled = await sessions.FindAsync(opened.SessionId);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        var looked = await sessions.FindAsync(opened.SessionId);
        var used = await sessions.FindAsync(opened.SessionId, keepAlive: true);
        Assert.True(looked is { State: SessionState.Enabled, EnabledForEquisoftConnect: true });
        Assert.Equal(enabled!.Suspend, looked.Suspend);
        Assert.True(used!.Suspend > looked.Suspend && used.Expire == opened.Expire);

        await sessions.PutTokenAsync(opened.SessionId, "idp/a b", "värde ✓");
        Assert.Equal("värde ✓", await sessions.FindTokenAsync(opened.SessionId, "idp/a b"));
        Assert.True(await sessions.ForgetTokenAsync(opened.SessionId, "idp/a b"));
        Assert.False(await sessions.ForgetTokenAsync(opened.SessionId, "idp/a b"));
        Assert.Null(await sessions.FindTokenAsync(opened.SessionId, "idp/a b"));
        Assert.Equal((true, false), (await sessions.RevokeAsync(opened.SessionId), await sessions.RevokeAsync(opened.SessionId)));
        Assert.Null(await sessions.FindAsync(opened.SessionId));
    }

    [Fact]
    public async Task An_administrator_s_session_acts_as_somebody_else_and_comes_back()
    {
        var service = await host.CreateServiceAsync();
        await using var files = await FileService.StartAsync(host, service);
        var (sessions, (admin, session), person) = (files.Auth.Sessions, await host.ImpersonatorAsync(), await host.CreatePersonAsync());
        var (id, other) = ((await sessions.OpenAsync(new(Guid.Parse(admin.Uuid)))).SessionId, Guid.Parse(person.Uuid));

        var acting = await sessions.ImpersonateAsync(id, other, "case 7");
        Assert.Equal((other, Guid.Parse(admin.Uuid), service.Id), (acting.User.Uuid, acting.Actor!.Uuid, acting.ActorService));
        var foreign = await Assert.ThrowsAsync<AuthServiceException>(() => sessions.ImpersonateAsync(Guid.Parse(session.SessionId), other));
        Assert.Equal((HttpStatusCode.Forbidden, "ACCESS_DENIED"), Of(foreign));
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, person);
        Assert.Null((await sessions.FindAsync(Guid.Parse(session.SessionId)))!.ActorService);
        Assert.Equal(admin.Id, (await files.Auth.IntrospectAsync(await host.RefreshAsync(session.RefreshToken))).Actor);
        var again = await Assert.ThrowsAsync<AuthServiceException>(() => sessions.ImpersonateAsync(id, other));
        Assert.Equal((HttpStatusCode.Conflict, "SESSION_ALREADY_IMPERSONATED"), Of(again));
        Assert.Equal("AuthService answered 409: The session impersonates somebody already", again.Message);

        Assert.Null((await sessions.RevertIdentityAsync(id)).Actor);
        var reverted = await Assert.ThrowsAsync<AuthServiceException>(() => sessions.RevertIdentityAsync(id));
        Assert.Equal((HttpStatusCode.Conflict, "SESSION_NOT_IMPERSONATED"), Of(reverted));
    }

    [Fact]
    public async Task Refusals_of_the_Sessions_API_have_their_codes()
    {
        await using var files = await FileService.StartAsync(host, await host.CreateServiceAsync());
        var sessions = files.Auth.Sessions;
        var grant = new JsonArray(new JsonObject { ["serviceName"] = SessionCalls.Connect, ["maxConcurrentAccess"] = 1 });
        var person = Guid.Parse((await host.CreatePersonAsync(new() { ["services"] = grant })).Uuid);
        var (first, second) = (await sessions.OpenAsync(new(person)), await sessions.OpenAsync(new(person)));
        await sessions.EnableForAsync(first.SessionId, SessionCalls.Connect);
        async Task<(HttpStatusCode?, string?)> CodeOf(Task call) => Of(await Assert.ThrowsAsync<AuthServiceException>(() => call));

        Assert.Equal((HttpStatusCode.Conflict, "CONCURRENT_ACCESS"), await CodeOf(sessions.EnableForAsync(second.SessionId, SessionCalls.Connect)));
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), await CodeOf(sessions.OpenAsync(new(Guid.Empty))));
        Assert.Equal((HttpStatusCode.NotFound, "NOT_FOUND"), await CodeOf(sessions.EnableAsync(Guid.Empty)));
        var elsewhere = sessions.OpenAsync(new(person) { CookieDomain = "evil.example" });
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_COOKIE_DOMAIN_NAME"), await CodeOf(elsewhere));
        await sessions.EnableForAsync(second.SessionId, SessionCalls.Connect, disableOldest: true);
        Assert.False((await sessions.FindAsync(first.SessionId))!.EnabledForEquisoftConnect);
    }

    private static (HttpStatusCode? Status, string? Code) Of(AuthServiceException refusal) => (refusal.StatusCode, refusal.Code);

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ClientWalkTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ClientWalkTests(store.Host);
}

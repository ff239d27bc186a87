using System.Net;
using System.Text.Json;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>
/// Every audited action (src/AuthService/README.md#administration-api) writes exactly one entry. It says who did what to which principal,
/// from where and with what outcome.
/// </summary>
public abstract class AuditEntryTests(AuthHost host)
{
    [Fact]
    public async Task Signing_in_and_out()
    {
        var person = await host.CreatePersonAsync();
        var line = $"{person.Id} sign_in {person.Id}";

        var row = await RowOfAsync(() => host.TryLoginAsync(person.Id, person.Password), HttpStatusCode.OK, $"{line} success");
        Assert.Equal("127.0.0.1", row.Text("ipAddress"));
        await RowOfAsync(() => host.TryLoginAsync(person.Id, "wrong"), HttpStatusCode.Unauthorized, $"{line} refused");
        await RowOfAsync(() => host.TryLoginAsync(NewName("nobody"), "wrong"), HttpStatusCode.Unauthorized, "nobody sign_in nobody refused");

        var (app, web) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));
        row = await RowOfAsync(() => host.PostAsync("/auth/logout", app.RefreshToken), HttpStatusCode.NoContent, $"{person.Id} sign_out {person.Id} success");
        Assert.Equal(app.SessionId, row.Text("sessionId"));
        await RowOfAsync(() => host.TryWebLogoutAsync(web), HttpStatusCode.NoContent, $"{person.Id} sign_out {person.Id} success");
    }

    [Fact]
    public async Task Locking_a_name_and_unlocking_it()
    {
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        using var frozen = host.Clock.Freeze(); // the clock stands still so that the lock does not expire
        await host.FailAsync(person.Id, 4);

        var rows = await host.RowsOfAsync(admin, () => host.TryLoginAsync(person.Id, "wrong"), HttpStatusCode.Unauthorized);

        Assert.Equal([$"{person.Id} sign_in_locked {person.Id} success", $"{person.Id} sign_in {person.Id} refused"], rows.Select(row => row.Line()),
            StringComparer.Ordinal);
        Assert.Contains("severity 1", rows[0].Text("detail"), StringComparison.Ordinal);
        var refused = await RowOfAsync(
            () => host.TryLoginAsync(person.Id, person.Password), HttpStatusCode.TooManyRequests, $"{person.Id} sign_in {person.Id} refused");
        Assert.Equal("locked", refused.Text("detail"));
        await RowOfAsync(() =>
            host.PostAsync($"{Administration.PathOf(person.Id)}/unlock", admin), HttpStatusCode.NoContent, $"admin unlocked {person.Id} success");
    }

    [Fact]
    public async Task Ending_sessions_at_every_endpoint()
    {
        var (person, service, admin) = (await host.CreatePersonAsync(), await host.CreateServiceAsync(), await host.AdminTokenAsync());
        var token = await host.ServiceTokenAsync(service.RefreshToken);
        var own = $"{person.Id} session_revoked {person.Id} success";
        var bySomeService = $"{service.Id} session_revoked {person.Id} success";

        await AfterLoginAsync(person, s => host.DeleteAsync("/auth/sessions", s.AccessToken), HttpStatusCode.NoContent, own);
        await host.LoginAsync(person);
        await AfterLoginAsync(person, s => host.DeleteAsync("/account/auth/sessions", s.AccessToken), HttpStatusCode.OK, own);
        await AfterLoginAsync(person, s => host.DeleteAsync("/account/auth/sessions/all", s.AccessToken), HttpStatusCode.OK, own);
        await AfterLoginAsync(person, s => host.DeleteAsync($"/account/auth/sessions/{s.SessionId}", s.AccessToken), HttpStatusCode.OK, own);
        await AfterLoginAsync(person, s => host.DeleteAsync($"/sessions/{s.SessionId}", token), HttpStatusCode.NoContent, bySomeService);
        await AfterLoginAsync(person, s => host.RevokeAsync(token, s.RefreshToken), HttpStatusCode.OK, bySomeService);
        await AfterLoginAsync(person, s => host.RevokeAsync(token, s.AccessToken), HttpStatusCode.OK, bySomeService);
        await AfterLoginAsync(person, s => host.DeleteAsync($"{Administration.SessionsOf(person.Id)}/{s.SessionId}", admin), HttpStatusCode.NoContent,
            $"admin session_revoked {person.Id} success");
        var all = await AfterLoginAsync(
            person, _ => host.DeleteAsync(Administration.SessionsOf(person.Id), admin), HttpStatusCode.OK, $"admin session_revoked {person.Id} success");
        Assert.Equal("1 sessions", all.Text("detail"));
        await AfterLoginAsync(person, s => host.PostAsync("/auth/logout/bulk", token, new { tokens = new[] { s.RefreshToken } }), HttpStatusCode.NoContent,
            $"{service.Id} session_revoked nobody success");
    }

    /// <summary>Otherwise one caller with one token could write a thousand entries a second and hide the entries that matter.</summary>
    [Fact]
    public async Task Where_nothing_was_revoked_there_is_no_entry()
    {
        var (person, admin, service) = (await host.CreatePersonAsync(), await host.AdminTokenAsync(), await host.NewServiceTokenAsync());
        var session = await host.LoginAsync(person);
        var nobody = await host.CreatePersonAsync();
        var application = await host.CreateApplicationAsync(service);

        foreach (var revoke in new (Func<Task<HttpResponseMessage>> Call, HttpStatusCode Status)[]
        {
            (() => host.DeleteAsync("/account/auth/sessions", session.AccessToken), HttpStatusCode.OK),
            (() => host.DeleteAsync(Administration.SessionsOf(nobody.Id), admin), HttpStatusCode.OK),
            (() => host.PostAsync("/auth/logout/bulk", service, new { tokens = new[] { "unknown" } }), HttpStatusCode.NoContent),
            (() => host.PostAsync(AppTokenCalls.ExpireAllOf(application.Id), service, new { }), HttpStatusCode.NoContent),
            (() => host.PostAsync(AppTokenCalls.ExpireAllOf(application.Id), service, new { expiry = 600 }), HttpStatusCode.NoContent),
        })
            Assert.Empty(await host.RowsOfAsync(admin, revoke.Call, revoke.Status));
    }

    [Fact]
    public async Task Tokens_that_are_asked_for_claimed_extended_and_revoked()
    {
        var (session, service, admin) = (await host.SignedInPersonAsync(), await host.CreateServiceAsync("_svc"), await host.AdminTokenAsync());
        var (person, token) = (Requests.ClaimsOf(session.AccessToken).Text("sub"), await host.ServiceTokenAsync(service.RefreshToken));

        await RowOfAsync(() =>
            host.TryRequestOneTimeTokenAsync(session.AccessToken, "files:read"), HttpStatusCode.OK, $"{person} one_time_token_issued {person} success");
        var jti = NewName("jti");
        await RowOfAsync(() => host.TryClaimAsync(token, jti), HttpStatusCode.NoContent, "_svc one_time_token_claimed nobody success");
        var row = await RowOfAsync(() => host.TryClaimAsync(token, jti), HttpStatusCode.Conflict, "_svc one_time_token_claimed nobody refused");
        Assert.Equal(jti, row.Text("detail"));
        await RowOfAsync(() => host.TryExtendAsync(token, session.AccessToken, ["files:read"]), HttpStatusCode.OK, $"_svc token_extended {person} success");
        await RowOfAsync(
            () => host.TryExtendAsync(token, session.AccessToken, ["files:read"], allowRefreshes: true),
            HttpStatusCode.OK,
            $"_svc session_delegated {person} success");
        var narrow = await host.ExtendAsync(token, session.AccessToken, "files:read");
        row = await RowOfAsync(() =>
            host.TryRequestOneTimeTokenAsync(narrow, "files:write"), HttpStatusCode.Forbidden, $"{person} one_time_token_issued {person} refused");
        Assert.Equal((session.SessionId, "ScopeNotCovered: files:write"), (row.Text("sessionId"), row.Text("detail")));
        await RowOfAsync(() => host.RevokeAsync(admin, token), HttpStatusCode.OK, "admin token_revoked _svc success");
        Assert.Empty(await host.RowsOfAsync(admin, () => host.RevokeAsync(admin, token), HttpStatusCode.OK));
    }

    [Fact]
    public async Task Sessions_that_services_open_and_administrators_impersonate_in()
    {
        var (person, service) = (await host.CreatePersonAsync(), await host.CreateServiceAsync());
        var token = await host.ServiceTokenAsync(service.RefreshToken);
        var (administrator, session) = await host.ImpersonatorAsync();

        await RowOfAsync(() => host.TryOpenAsync(token, person.Uuid), HttpStatusCode.Created, $"{service.Id} session_opened {person.Id} success");
        var id = await host.OpenAsync(token, person, new() { ["enable"] = false });
        await RowOfAsync(() => host.PostAsync($"/sessions/{id}/enable", token), HttpStatusCode.NoContent, $"{service.Id} session_enabled {person.Id} success");
        await RowOfAsync(() => host.TryEnableForAsync(token, id), HttpStatusCode.NoContent, $"{service.Id} product_access_granted {person.Id} success");
        var opened = await host.OpenAsync(token, administrator);
        var row = await RowOfAsync(
            () => host.TryImpersonateAsync(token, opened, person.Uuid), HttpStatusCode.OK, $"{service.Id} impersonation_begun {person.Id} success");
        Assert.All([administrator.Id, person.Id, "support case 7"], part => Assert.Contains(part, row.Text("detail"), StringComparison.Ordinal));
        await RowOfAsync(() => host.TryRevertAsync(token, opened), HttpStatusCode.OK, $"{service.Id} impersonation_ended {person.Id} success");
        await RowOfAsync(
            () => host.TryImpersonateAsync(session.AccessToken, session.SessionId, person.Uuid),
            HttpStatusCode.OK,
            $"{administrator.Id} impersonation_begun {person.Id} success");
    }

    [Fact]
    public async Task Impersonations_and_extensions_that_are_refused()
    {
        var (person, service) = (await host.CreatePersonAsync(), await host.CreateServiceAsync("_svc"));
        var token = await host.ServiceTokenAsync(service.RefreshToken);
        var other = await host.CreatePersonAsync(new() { ["role"] = "ADMIN" });
        var (session, (administrator, acting)) = (await host.LoginAsync(person), await host.ImpersonatorAsync());

        var row = await RowOfAsync(
            () => host.TryImpersonateAsync(token, acting.SessionId, person.Uuid), HttpStatusCode.Forbidden, $"_svc impersonation_begun {person.Id} refused");
        Assert.Equal(acting.SessionId, row.Text("sessionId"));
        Assert.Contains("CallerMayNotImpersonate", row.Text("detail"), StringComparison.Ordinal);
        var opened = await host.OpenAsync(token, person);
        row = await RowOfAsync(
            () => host.TryImpersonateAsync(token, opened, other.Uuid), HttpStatusCode.Forbidden, $"_svc impersonation_begun {other.Id} refused");
        Assert.Equal(opened, row.Text("sessionId"));
        await RowOfAsync(
            () => host.TryImpersonateAsync(acting.AccessToken, acting.SessionId, other.Uuid),
            HttpStatusCode.Forbidden,
            $"{administrator.Id} impersonation_begun {other.Id} refused");
        row = await RowOfAsync(
            () => host.TryExtendAsync(token, session.AccessToken, ["secrets:write"]), HttpStatusCode.Forbidden, $"_svc token_extended {person.Id} refused");
        Assert.Contains("secrets:write", row.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_administrators_do_to_principals()
    {
        var admin = await host.AdminTokenAsync();
        var (person, service) = (NewName("person"), NewName("_service"));
        Task<JsonElement> RowAsync(HttpMethod method, string path, object? body, HttpStatusCode status, string action, string id) =>
            RowOfAsync(() => host.SendAsync(method, $"{Administration.Root}{path}", admin, body), status, $"admin {action} {id} success");

        await RowAsync(HttpMethod.Post, "", new { id = person, password = NewPassword() }, HttpStatusCode.Created, "principal_created", person);
        var row = await RowAsync(HttpMethod.Patch, $"/{person}", new { role = "ADMIN", firstNames = "Ada" }, HttpStatusCode.OK, "principal_changed", person);
        Assert.Equal("role=ADMIN firstNames", row.Text("detail"));
        await RowAsync(HttpMethod.Put, $"/{person}/password", new { password = NewPassword() }, HttpStatusCode.NoContent, "password_set", person);
        await RowAsync(HttpMethod.Delete, $"/{person}", null, HttpStatusCode.NoContent, "principal_deleted", person);
        await RowAsync(HttpMethod.Post, "", new { id = service, type = "SERVICE" }, HttpStatusCode.Created, "principal_created", service);
        await RowAsync(HttpMethod.Post, $"/{service}/refresh-token", null, HttpStatusCode.OK, "refresh_token_renewed", service);
    }

    [Fact]
    public async Task A_refresh_a_list_and_what_is_refused_before_are_not_on_record()
    {
        var (session, admin) = (await host.SignedInPersonAsync(), await host.AdminTokenAsync());

        Assert.Empty(await host.RowsOfAsync(admin, () => host.TryRefreshAsync(session.RefreshToken), HttpStatusCode.OK));
        Assert.Empty(await host.RowsOfAsync(admin, () => host.GetAsync(Administration.Root, admin), HttpStatusCode.OK));
        Assert.Empty(await host.RowsOfAsync(admin, () => host.IntrospectionAsync(admin, session.RefreshToken), HttpStatusCode.OK));
        Assert.Empty(await host.RowsOfAsync(admin, () => host.GetAsync(Administration.Root, session.AccessToken), HttpStatusCode.Forbidden));
    }

    private async Task<JsonElement> AfterLoginAsync(Person person, Func<SignedIn, Task<HttpResponseMessage>> action, HttpStatusCode status, string line)
    {
        var session = await host.LoginAsync(person);
        return await RowOfAsync(() => action(session), status, line);
    }

    private async Task<JsonElement> RowOfAsync(Func<Task<HttpResponseMessage>> action, HttpStatusCode status, string line)
    {
        var row = Assert.Single(await host.RowsOfAsync(await host.AdminTokenAsync(), action, status));
        Assert.Equal(line, row.Line());
        return row;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AuditEntryTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AuditEntryTests(store.Host);
}

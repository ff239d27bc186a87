using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>The log tells why a token or a password is refused, with the trace id of the response. The response does not.</summary>
public abstract class RefusalReasonTests(AuthHost host)
{
    private static readonly string NobodysToken = $"rt_{new string('A', 43)}";

    [Fact]
    public async Task Of_a_refresh_token_that_nobody_has()
    {
        await ExpectRefreshAsync("UnknownToken", NobodysToken);
        await host.ExpectReasonAsync(
            "UnknownToken", () => host.PostAsync("/auth/logout", NobodysToken), HttpStatusCode.Unauthorized, "INVALID_TOKEN");
        await host.ExpectInactiveAsync("UnknownToken", await host.NewServiceTokenAsync(), NobodysToken);
    }

    [Fact]
    public async Task Of_a_refresh_token_that_was_sent_the_wrong_way() =>
        await ExpectRefreshAsync("WrongMode", (await host.SignedInPersonAsync("web")).RefreshToken);

    [Fact]
    public async Task Of_a_session_that_has_ended()
    {
        var session = await host.SignedInPersonAsync();
        await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await ExpectRefreshAsync("SessionEnded", session.RefreshToken, "SIGNED_OUT");
    }

    [Fact]
    public async Task Of_a_session_that_is_suspended()
    {
        var session = await host.SignedInPersonAsync();
        await host.Database.ExecuteAsync($"UPDATE sessions SET suspend_at = 1 WHERE lower(CAST(id AS text)) = '{session.SessionId}'");

        await ExpectRefreshAsync("SessionSuspended", session.RefreshToken, "IDLE");
        await ExpectBearerAsync("SessionSuspended", session.AccessToken);
    }

    [Fact]
    public async Task Of_a_session_that_has_expired()
    {
        await using var own = await host.StartAnotherAsync(new() { ["CleanUp:Interval"] = "1.00:00:00" });
        var session = await own.SignedInPersonAsync();
        own.Clock.Advance(TimeSpan.FromDays(31));

        await own.ExpectReasonAsync(
            "SessionExpired", () => own.TryRefreshAsync(session.RefreshToken), HttpStatusCode.Unauthorized, "IDLE");
    }

    [Fact]
    public async Task Of_a_session_that_goes_while_it_is_refreshed()
    {
        using var frozen = host.Clock.Freeze();
        var session = await host.SignedInPersonAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(2));

        await host.ExpectReasonAsync(
            "UnknownToken",
            () => host.WhileDeletingAsync(session.SessionId, () => host.TryRefreshAsync(session.RefreshToken)),
            HttpStatusCode.Unauthorized,
            "INVALID_TOKEN");
    }

    [Fact]
    public async Task Of_an_access_token_whose_session_is_gone_or_acts_as_somebody_else()
    {
        var person = await host.CreatePersonAsync();
        var (administrator, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        await ExpectBearerAsync("IdentityChanged", acting.AccessToken);

        await host.Database.ExecuteAsync($"UPDATE principals SET can_impersonate = NOT can_impersonate WHERE id = '{administrator.Id}'");
        await ExpectRefreshAsync("ImpersonatorChanged", acting.RefreshToken, "ACCOUNT_CHANGED");

        await host.PostAsync("/auth/logout", acting.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await ExpectBearerAsync("UnknownSession", acting.AccessToken);
    }

    [Fact]
    public async Task Of_an_access_token_that_was_revoked_or_is_none()
    {
        var (caller, account) = (await host.NewServiceTokenAsync(), await host.CreateServiceAsync());
        var (revoked, renewed) = (await host.RefreshAsync(account.RefreshToken), await host.RefreshAsync(account.RefreshToken));
        await host.RevokeAsync(caller, revoked).ExpectAsync(HttpStatusCode.OK);
        await host.ExpectInactiveAsync("TokenRevoked", caller, revoked);

        await host.CreateServiceAsync(account.Id);
        await host.ExpectInactiveAsync("PrincipalChanged", caller, renewed);
        await host.ExpectInactiveAsync("InvalidToken", caller, "a.b.c");
        await ExpectBearerAsync("InvalidToken", "a.b.c");
    }

    [Fact]
    public async Task Of_a_one_time_token()
    {
        var (caller, person) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        var once = await host.OneTimeTokenAsync(person.AccessToken);
        await ExpectBearerAsync("OneTimeToken", once);
        await host.ExpectReasonAsync(
            "OneTimeToken", () => host.TryExtendAsync(caller, once, ["files:read"]), HttpStatusCode.Unauthorized, "INVALID_TOKEN");

        var jti = Requests.ClaimsOf(once).Text("jti");
        await host.TryClaimAsync(caller, jti).ExpectAsync(HttpStatusCode.NoContent);
        await host.ExpectReasonAsync("AlreadyClaimed", () => host.TryClaimAsync(caller, jti), HttpStatusCode.Conflict, "ALREADY_CLAIMED");
        await host.ExpectInactiveAsync("AlreadyClaimed", caller, once);
    }

    [Fact]
    public async Task Of_scopes_that_are_not_given()
    {
        var (caller, session, client) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync(), await host.NewOAuthClientAsync());
        var narrow = await host.ExtendAsync(caller, session.AccessToken, "files:read");
        string[] many = [.. Enumerable.Range(0, 2_000).Select(n => $"files.part{n}:read")];

        await ExpectExtensionAsync("ScopeReserved", session.AccessToken, ["all:write"]);
        await ExpectExtensionAsync("ScopeNotInPolicy", session.AccessToken, ["jobs:read"]);
        await ExpectExtensionAsync("ScopeNotCovered", narrow, ["files:write"]);
        await ExpectExtensionAsync("TokenTooLong", session.AccessToken, many, HttpStatusCode.BadRequest, "TOO_MANY_SCOPES");
        await host.ExpectReasonAsync(
            "ScopeNotCovered", () => host.TryRequestOneTimeTokenAsync(narrow, "files:write"), HttpStatusCode.Forbidden, "SCOPE_NOT_ALLOWED");
        await host.ExpectReasonAsync(
            "ScopeNotCovered",
            () => host.PostFormAsync(ClientCalls.Token, [("grant_type", "client_credentials"), ("scope", "special:write")], client.Basic),
            HttpStatusCode.BadRequest,
            "invalid_scope");
    }

    [Fact]
    public async Task Of_a_session_that_would_outlive_an_impersonation()
    {
        var person = await host.CreatePersonAsync();
        var (_, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        var (caller, token) = (await host.NewServiceTokenAsync("_svc"), await host.RefreshAsync(acting.RefreshToken));

        await host.ExpectReasonAsync(
            "Impersonated",
            () => host.TryExtendAsync(caller, token, ["files:read"], allowRefreshes: true),
            HttpStatusCode.Forbidden,
            "SCOPE_NOT_ALLOWED");
    }

    [Fact]
    public async Task Of_a_sign_in()
    {
        var (person, disabled, deleted) = (await host.CreatePersonAsync(), await host.CreatePersonAsync(), await host.CreatePersonAsync());
        var account = await host.CreateServiceAsync();
        var withoutPassword = NewName("person");
        await host.PostAsync("/admin/principals", await host.AdminTokenAsync(), new { id = withoutPassword }).ExpectAsync(HttpStatusCode.Created);
        await host.PatchPersonAsync(disabled, new() { ["state"] = "DISABLED" });
        await host.DeletePersonAsync(deleted);

        using var frozen = host.Clock.Freeze(); // the clock stands still so that the lock does not expire
        await ExpectSignInAsync("UnknownPrincipal", NewName("nobody"), "any password");
        await ExpectSignInAsync("WrongPassword", person.Id, "wrong");
        await ExpectSignInAsync("NoPassword", withoutPassword, "any password");
        await ExpectSignInAsync("NoPerson", account.Id, "any password");
        await ExpectSignInAsync("PrincipalDisabled", disabled.Id, disabled.Password);
        await ExpectSignInAsync("PrincipalDeleted", deleted.Id, deleted.Password);
        var requested = await host.CreatePersonAsync(new() { ["passwordResetRequested"] = true });
        await host.ExpectReasonAsync(
            "PasswordResetRequested", () => host.TryLoginAsync(requested.Id, requested.Password), HttpStatusCode.Forbidden, "PASSWORD_RESET_REQUESTED");
        await host.FailAsync(person.Id, times: 4);
        await host.ExpectReasonAsync(
            "NameLocked", () => host.TryLoginAsync(person.Id, person.Password), HttpStatusCode.TooManyRequests, "SIGN_IN_LOCKED");
    }

    private Task ExpectRefreshAsync(string reason, string token, string code = "INVALID_TOKEN") =>
        host.ExpectReasonAsync(reason, () => host.TryRefreshAsync(token), HttpStatusCode.Unauthorized, code);

    private Task ExpectBearerAsync(string reason, string token) =>
        host.ExpectReasonAsync(reason, () => host.GetAsync("/auth/sessions", token), HttpStatusCode.Unauthorized, "UNAUTHENTICATED");

    private async Task ExpectExtensionAsync(
        string reason, string token, string[] scopes, HttpStatusCode status = HttpStatusCode.Forbidden, string code = "SCOPE_NOT_ALLOWED")
    {
        var caller = await host.NewServiceTokenAsync("_svc");
        await host.ExpectReasonAsync(reason, () => host.TryExtendAsync(caller, token, scopes), status, code);
    }

    private Task ExpectSignInAsync(string reason, string user, string password) =>
        host.ExpectReasonAsync(reason, () => host.TryLoginAsync(user, password), HttpStatusCode.Unauthorized, "WRONG_CREDENTIALS");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RefusalReasonTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RefusalReasonTests(store.Host);
}

using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>The log tells why a session is not opened, or an impersonation or a product is refused to one; the response does not.</summary>
public abstract class SessionRefusalReasonTests(AuthHost host)
{
    [Theory]
    [InlineData("""{"state":"DISABLED"}""", "PrincipalDisabled", "USER_NOT_ENABLED")]
    [InlineData("""{"agreement":{"state":"REQUESTED"}}""", "AgreementNotAccepted", "USER_AGREEMENT_REQUESTED")]
    [InlineData("""{"passwordResetRequested":true}""", "PasswordResetRequested", "PASSWORD_RESET_REQUESTED")]
    public async Task Of_a_session_that_is_not_opened(string obstacle, string reason, string code)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        await host.PatchPersonAsync(person, JsonNode.Parse(obstacle)!.AsObject());

        await host.ExpectReasonAsync(reason, () => host.TryOpenAsync(service, person.Uuid), HttpStatusCode.Conflict, code);
        await host.ExpectReasonAsync(
            "UnknownPrincipal", () => host.TryOpenAsync(service, $"{Guid.NewGuid()}"), HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task Of_a_session_that_may_not_impersonate()
    {
        var (service, person) = (await host.NewServiceTokenAsync("_svc"), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        var plain = await host.OpenAsync(service, await host.CreatePersonAsync());
        var delegated = await host.DelegateAsync(service, acting.AccessToken, "files:read");
        var unused = await host.OpenAsync(service, administrator, new() { ["enable"] = false });
        var unknown = Guid.CreateVersion7().ToString();

        var own = (await host.LoginAsync(administrator)).AccessToken;

        await ExpectAsync("CallerMayNotImpersonate", service, acting.SessionId, person.Uuid, HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await ExpectAsync("MayNotImpersonate", service, plain, person.Uuid, HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await ExpectAsync("SessionDelegated", own, delegated.SessionId, person.Uuid, HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await ExpectAsync("SessionNew", service, unused, person.Uuid, HttpStatusCode.Conflict, "SESSION_NOT_ENABLED");
        await ExpectAsync("UnknownSession", own, unknown, person.Uuid, HttpStatusCode.NotFound, "NOT_FOUND");
        await SuspendAsync(acting.SessionId);
        await ExpectAsync("SessionSuspended", own, acting.SessionId, person.Uuid, HttpStatusCode.Conflict, "SESSION_NOT_ENABLED");
    }

    [Fact]
    public async Task Of_somebody_as_whom_nobody_acts()
    {
        var (administrator, acting) = await host.ImpersonatorAsync();
        var disabled = await host.CreatePersonAsync();
        await host.PatchPersonAsync(disabled, new() { ["state"] = "DISABLED" });

        await ExpectAsync("UnknownPrincipal", acting.AccessToken, acting.SessionId, $"{Guid.CreateVersion7()}", HttpStatusCode.NotFound, "NOT_FOUND");
        await ExpectAsync("TargetIsAdministrator", acting.AccessToken, acting.SessionId, administrator.Uuid, HttpStatusCode.Forbidden, "ACCESS_DENIED");
        await ExpectAsync("TargetDisabled", acting.AccessToken, acting.SessionId, disabled.Uuid, HttpStatusCode.Conflict, "USER_NOT_ENABLED");
    }

    [Fact]
    public async Task Of_an_impersonation_that_is_there_or_not()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        await host.ExpectReasonAsync(
            "NotImpersonated", () => host.TryRevertAsync(service, acting.SessionId), HttpStatusCode.Conflict, "SESSION_NOT_IMPERSONATED");

        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        var own = (await host.LoginAsync(administrator)).AccessToken;
        await ExpectAsync("Impersonated", own, acting.SessionId, person.Uuid, HttpStatusCode.Conflict, "SESSION_ALREADY_IMPERSONATED");
    }

    [Fact]
    public async Task Of_a_product()
    {
        var service = await host.NewServiceTokenAsync();
        var limit = new JsonArray(new JsonObject { ["serviceName"] = SessionCalls.Connect, ["maxConcurrentAccess"] = 1 });
        var person = await host.CreatePersonAsync(new() { ["services"] = limit });
        var (first, second) = (await host.OpenAsync(service, person), await host.OpenAsync(service, person));
        await host.EnableForAsync(service, first);

        await ExpectProductAsync("LimitReached", second, SessionCalls.Connect, HttpStatusCode.Conflict, "CONCURRENT_ACCESS");
        await ExpectProductAsync("UnknownProduct", second, "NOWHERE", HttpStatusCode.NotFound, "NOT_FOUND");
        await SuspendAsync(second);
        await ExpectProductAsync("SessionSuspended", second, SessionCalls.Connect, HttpStatusCode.Conflict, "SESSION_NOT_ENABLED");
        await ExpectProductAsync("UnknownSession", $"{Guid.CreateVersion7()}", SessionCalls.Connect, HttpStatusCode.NotFound, "NOT_FOUND");
    }

    private Task ExpectAsync(string reason, string caller, string session, string user, HttpStatusCode status, string code) =>
        host.ExpectReasonAsync(reason, () => host.TryImpersonateAsync(caller, session, user), status, code);

    private async Task ExpectProductAsync(string reason, string session, string product, HttpStatusCode status, string code)
    {
        var service = await host.NewServiceTokenAsync();
        await host.ExpectReasonAsync(reason, () => host.TryEnableForAsync(service, session, product: product), status, code);
    }

    private Task SuspendAsync(string session) =>
        host.Database.ExecuteAsync($"UPDATE sessions SET suspend_at = 1 WHERE lower(CAST(id AS text)) = '{session}'");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SessionRefusalReasonTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SessionRefusalReasonTests(store.Host);
}

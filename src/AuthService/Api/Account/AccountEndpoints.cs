using AuthService.Api.Http;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals.Passwords;
using AuthService.Sessions.Lists;
using AuthService.Sessions.Revoking;
using AuthService.SignIn.Recovery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Account;

/// <summary>The Account API: people manage their own sessions (src/AuthService/README.md#account-api).</summary>
internal static class AccountEndpoints
{
    /// <summary>The list has only the newest sessions. A person who has more can revoke the rest with "all" or "others".</summary>
    private const int MostSessionsListed = 1_000;

    public static void Map(RouteGroupBuilder surface)
    {
        var account = surface.MapGroup("").RequireAuthorization(Policies.Users);
        MapSessions(account.MapGroup("/auth/sessions"), variant: "");
        MapSessions(account.MapGroup("/sessions"), variant: "WithoutAuth"); // where newer generated clients look for them
        account.MapGet("/password", ShowPassword).WithName("ownPassword").WithExamples(AccountExamples.ShowPassword)
            .WithSummary("Whether the caller has a password, how long a new one must be, and whether a mail can bring one");
        account.MapPut("/password", ChangePassword).WithName("changePassword").WithExamples(PasswordChangeExamples.Change).WithReceipt()
            .WithSummary("Changes the caller's own password and revokes all of their sessions, the current one included")
            .WithMetadata(ChecksPasswords.Metadata)
            .RequireFreshSignIn(onlyWithSecondFactor: true);
        PasskeyEndpoints.Map(account.MapGroup("/passkeys"));
        EmailEndpoints.Map(account, links: surface);
        DeviceEndpoints.Map(account.MapGroup("/devices"));
        IdentityEndpoints.Map(account.MapGroup("/identities"));
    }

    private static void MapSessions(RouteGroupBuilder sessions, string variant)
    {
        sessions.MapGet("", List).WithName($"listOwnSessions{variant}").WithExamples(AccountExamples.List)
            .WithSummary("Lists the caller's unexpired sessions, the newest first (at most 1,000)");
        sessions.MapGet("/active", ListActive).WithName($"listOwnActiveSessions{variant}").WithExamples(AccountExamples.ListActive)
            .WithSummary("Lists the caller's active sessions: enabled and not idle");
        sessions.MapGet("/count", Count).WithName($"countOwnSessions{variant}").WithExamples(AccountExamples.Count)
            .WithSummary("Counts the caller's active sessions");
        sessions.MapDelete("", RevokeOthers).WithName($"revokeOtherOwnSessions{variant}").WithExamples(AccountExamples.RevokeOthers).WithReceipt()
            .WithSummary("Revokes all of the caller's sessions but the current one");
        sessions.MapDelete("/all", RevokeAll).WithName($"revokeAllOwnSessions{variant}").WithExamples(AccountExamples.RevokeAll).WithReceipt()
            .WithSummary("Revokes all of the caller's sessions, the current and the delegated ones included");
        sessions.MapDelete("/{sessionId}", Revoke).WithName($"revokeOwnSession{variant}").WithExamples(AccountExamples.Revoke).WithReceipt()
            .WithSummary("Revokes one of the caller's sessions")
            .Explains("sessionId", "As the lists name it, a UUID");
    }

    private static async Task<Ok<IReadOnlyList<UserSessionDetails>>> List(SessionLists lists, Caller caller, TimeProvider clock) =>
        TypedResults.Ok(await ListAsync(lists, caller, clock.GetUtcNow(), onlyActive: false));

    private static async Task<Ok<IReadOnlyList<UserSessionDetails>>> ListActive(SessionLists lists, Caller caller, TimeProvider clock) =>
        TypedResults.Ok(await ListAsync(lists, caller, clock.GetUtcNow(), onlyActive: true));

    private static async Task<Ok<SessionCount>> Count(SessionLists lists, Caller caller, TimeProvider clock) =>
        TypedResults.Ok(new SessionCount(await lists.CountActiveAsync(caller.Principal, clock.GetUtcNow())));

    private static async Task<Results<Ok, BadRequestError>> RevokeOthers(
        BoundInput<Unfiltered, UnfilteredReader> _, AccountRevocation revocation, Caller caller)
    {
        if (caller.SessionId is not { } current)
            return AccountErrors.NoCurrentSession;
        await revocation.RevokeOthersAsync(caller.Principal, current, caller.OwnRevocation, caller.AuditActor);
        return TypedResults.Ok();
    }

    private static async Task<Results<Ok, BadRequestError>> RevokeAll(
        BoundInput<Unfiltered, UnfilteredReader> _, AccountRevocation revocation, Caller caller, RefreshCookie cookie, HttpContext context)
    {
        await revocation.RevokeAllAsync(caller.Principal, caller.OwnRevocation, caller.AuditActor);
        cookie.ClearIfSent(context);
        return TypedResults.Ok();
    }

    private static async Task<Results<Ok, NotFoundError>> Revoke(
        string sessionId, SessionRevocation revocation, Caller caller, RefreshCookie cookie, HttpContext context)
    {
        if (!Guid.TryParse(sessionId, out var id) || !await revocation.TryRevokeAsync(id, caller.Principal, caller.OwnRevocation, caller.AuditActor))
            return AccountErrors.UnknownSession;
        if (id == caller.SessionId)
            cookie.ClearIfSent(context);
        return TypedResults.Ok();
    }

    private static Ok<OwnPasswordResponse> ShowPassword(PasswordPolicy policy, PasswordResetMails mails, Caller caller)
    {
        var person = caller.Principal;
        return TypedResults.Ok(new OwnPasswordResponse(person.PasswordHash is not null, policy.MinimumFor(person.Role), mails.Reaches(person)));
    }

    private static async Task<Results<NoContent, PasswordChangeError>> ChangePassword(
        BoundInput<PasswordChange, PasswordChangeReader> given, OwnPassword password, Caller caller, HttpContext context) =>
        await password.TryChangeAsync(given.Value, caller, context) is { } refusal ? refusal : TypedResults.NoContent();

    private static async Task<IReadOnlyList<UserSessionDetails>> ListAsync(SessionLists lists, Caller caller, DateTimeOffset now, bool onlyActive)
    {
        var found = await lists.ListAsync(caller.Principal, now, MostSessionsListed, onlyActive);
        return [.. found.Select(session => UserSessionDetails.Of(session, caller, now))];
    }
}

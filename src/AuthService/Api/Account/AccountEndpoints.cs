using AuthService.Api.Http;
using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Account;

/// <summary>A person looks after their own sessions (SPEC 4).</summary>
internal static class AccountEndpoints
{
    /// <summary>The newest ones; who has more of them ends the rest with "all" or "others".</summary>
    private const int MostSessionsListed = 1_000;

    public static void Map(RouteGroupBuilder account)
    {
        var sessions = account.MapGroup("/auth/sessions");
        sessions.MapGet("", List).WithSummary("Every unexpired session of the caller, newest first (at most 1,000)");
        sessions.MapGet("/active", ListActive).WithSummary("Those that are enabled and not idle");
        sessions.MapGet("/count", Count).WithSummary("How many are active");
        sessions.MapDelete("", RevokeOthers).WithSummary("Ends all of the caller's sessions but the current one");
        sessions.MapDelete("/all", RevokeAll).WithSummary("Ends all of the caller's sessions, the current and the delegated ones included");
        sessions.MapDelete("/{sessionId}", Revoke).WithSummary("Ends one of the caller's sessions")
            .Explains("sessionId", "As the lists name it, a UUID");
        account.MapPut("/password", ChangePassword).WithSummary("Changes the caller's own password and ends all of their sessions, the current one included")
            .WithMetadata(JudgesPasswords.Metadata);
    }

    private static async Task<Ok<IReadOnlyList<UserSessionDetails>>> List(SessionLists lists, Caller caller, TimeProvider clock) =>
        TypedResults.Ok(await ListAsync(lists, caller, clock.GetUtcNow(), onlyActive: false));

    private static async Task<Ok<IReadOnlyList<UserSessionDetails>>> ListActive(SessionLists lists, Caller caller, TimeProvider clock) =>
        TypedResults.Ok(await ListAsync(lists, caller, clock.GetUtcNow(), onlyActive: true));

    private static async Task<Ok<SessionCount>> Count(SessionLists lists, Caller caller, TimeProvider clock) =>
        TypedResults.Ok(new SessionCount(await lists.CountActiveAsync(caller.Principal, clock.GetUtcNow())));

    private static async Task<Results<Ok, BadRequestError>> RevokeOthers(SessionEndings endings, Caller caller)
    {
        if (caller.SessionId is not { } current)
            return AccountErrors.NoCurrentSession;
        await endings.EndOthersAsync(caller.Principal, current, caller.Deed);
        return TypedResults.Ok();
    }

    private static async Task<Ok> RevokeAll(SessionEndings endings, Caller caller, RefreshCookie cookie, HttpContext context)
    {
        await endings.EndAllAsync(caller.Principal, caller.Deed);
        cookie.ClearIfSent(context);
        return TypedResults.Ok();
    }

    private static async Task<Results<Ok, NotFoundError>> Revoke(
        string sessionId, SessionEndings endings, Caller caller, RefreshCookie cookie, HttpContext context)
    {
        if (!Guid.TryParse(sessionId, out var id) || !await endings.TryEndAsync(id, caller.Principal, caller.Deed))
            return AccountErrors.UnknownSession;
        if (id == caller.SessionId)
            cookie.ClearIfSent(context);
        return TypedResults.Ok();
    }

    private static async Task<Results<NoContent, BadRequestError, ForbiddenError, ConflictError, TooManyRequestsError>> ChangePassword(
        PasswordChangeInput input, PasswordChangeService changes, Caller caller, RefreshCookie cookie, HttpContext context)
    {
        if (caller.AccessToken.Actor is not null)
            return AccountErrors.Impersonated;
        var outcome = await changes.ChangeAsync(caller.Principal, input.Current, input.Next, caller.Deed);
        if (outcome is PasswordChangeOutcome.Changed)
            cookie.ClearIfSent(context);
        return outcome switch
        {
            PasswordChangeOutcome.Changed => TypedResults.NoContent(),
            PasswordChangeOutcome.WrongPassword => AccountErrors.WrongPassword,
            PasswordChangeOutcome.Locked(var retryAfter) => AccountErrors.Locked(retryAfter),
            PasswordChangeOutcome.Refused(var fault) => AccountErrors.PasswordNotAllowed(fault),
            _ => AccountErrors.ChangedMeanwhile,
        };
    }

    private static async Task<IReadOnlyList<UserSessionDetails>> ListAsync(SessionLists lists, Caller caller, DateTimeOffset now, bool onlyActive)
    {
        var found = await lists.ListAsync(caller.Principal, now, MostSessionsListed, onlyActive);
        return [.. found.Select(session => Describe(session, caller, now))];
    }

    private static UserSessionDetails Describe(ListedSession session, Caller caller, DateTimeOffset now)
    {
        var device = DeviceReading.Read(session.UserAgent);
        return new UserSessionDetails(
            session.Id,
            session.IpAddress,
            session.UserAgent,
            session.CreatedAt.ToUnixTimeMilliseconds(),
            session.LastUsedAt.ToUnixTimeMilliseconds(),
            caller.Principal.Email,
            session.Location,
            device.Type,
            device.Name,
            (long)(now - session.CreatedAt).TotalMilliseconds,
            (long)(now - session.LastUsedAt).TotalMilliseconds,
            session.ExpireAt.ToUnixTimeMilliseconds(),
            Current: session.Id == caller.SessionId,
            session.ExtendedBy,
            session.Actor);
    }
}

using AuthService.Api.Http;
using AuthService.Delegation;
using AuthService.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Sessions;

/// <summary>Internal services open, watch, enable, impersonate and end sessions (SPEC 5).</summary>
internal static class SessionEndpoints
{
    private const int DeletedAtOnce = 1_000;

    public static void Map(RouteGroupBuilder sessions)
    {
        sessions.MapPost("", Open).WithSummary("Opens a session for a person");
        sessions.MapDelete("", EndEveryone).WithSummary("Ends every session of everybody (ADMIN only)").RequireAuthorization(Policies.Admins);
        sessions.MapDelete("/expired", DeleteExpired).WithSummary("Deletes what has expired, without waiting for the clean-up");
        sessions.MapGet("/{uuid}", Look).WithSummary("Shows a session; keepAlive counts as use");
        sessions.MapDelete("/{uuid}", End).WithSummary("Ends a session");
        sessions.MapPost("/{uuid}/enable", Enable).WithSummary("Enables a new or suspended session");
        sessions.MapPost("/{uuid}/enable/{product}", EnableProduct).WithSummary("Enables a session for a product, within the user's limit there")
            .Explains("product", "EQUISOFT_CONNECT, or another product that is configured");
        sessions.MapPost("/{uuid}/impersonate", Impersonate).WithSummary("Lets an administrator's session act as somebody else");
        sessions.MapPost("/{uuid}/revertIdentity", RevertIdentity).WithSummary("Gives an impersonating session back to its administrator");
        StoredTokenEndpoints.Map(sessions.MapGroup("/{uuid}/tokens/{tokenId}"));
    }

    private static async Task<Results<Created<SessionResponse>, BadRequestError, NotFoundError, ConflictError>> Open(
        OpenSessionInput input, SessionService sessions, Caller caller, TimeProvider clock) => await sessions.OpenAsync(input.Opening, caller.Deed) switch
        {
            OpenOutcome.Opened(var owned) => TypedResults.Created(
                $"/sessions/{owned.Session.Id}", SessionDescription.Of(new SessionView(owned, HasAccess: false), clock.GetUtcNow())),
            OpenOutcome.UserNotEnabled => SessionErrors.UserNotEnabled,
            OpenOutcome.AgreementRequested => SessionErrors.AgreementRequested,
            OpenOutcome.PasswordResetRequested => SessionErrors.PasswordResetRequested,
            OpenOutcome.InvalidCookieDomain => SessionErrors.InvalidCookieDomain,
            _ => SessionErrors.UnknownUser,
        };

    private static async Task<Results<Ok<SessionResponse>, BadRequestError, NotFoundError>> Look(
        SessionId uuid, KeepAlive keepAlive, SessionService sessions, TimeProvider clock) =>
        await sessions.LookAsync(uuid.Value, keepAlive.Value) is { } view
            ? TypedResults.Ok(SessionDescription.Of(view, clock.GetUtcNow()))
            : SessionErrors.UnknownSession;

    private static async Task<Results<NoContent, BadRequestError, NotFoundError>> End(SessionId uuid, SessionEndings endings, Caller caller) =>
        await endings.TryEndAsync(uuid.Value, caller.Deed) ? TypedResults.NoContent() : SessionErrors.UnknownSession;

    private static async Task<NoContent> EndEveryone(SessionEndings endings, Caller caller)
    {
        await endings.EndEveryoneAsync(caller.Deed);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DeleteExpired(SessionEndings endings, TimeProvider clock, HttpContext context)
    {
        while (await endings.DeleteExpiredAsync(clock.GetUtcNow(), DeletedAtOnce, context.RequestAborted) == DeletedAtOnce)
        {
            // until a batch is not full
        }

        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, BadRequestError, NotFoundError>> Enable(SessionId uuid, SessionService sessions, Caller caller) =>
        await sessions.EnableAsync(uuid.Value, caller.Deed) ? TypedResults.NoContent() : SessionErrors.UnknownSession;

    private static async Task<Results<NoContent, BadRequestError, NotFoundError, ConflictError>> EnableProduct(
        SessionId uuid, string product, EnableProductInput input, ProductAccessService access, Caller caller) =>
        await access.GrantAsync(uuid.Value, product, input.DisableOldestSessions, caller.Deed) switch
        {
            AccessOutcome.Granted => TypedResults.NoContent(),
            AccessOutcome.UnknownProduct => SessionErrors.UnknownProduct,
            AccessOutcome.NotEnabled => SessionErrors.SessionNotEnabled,
            AccessOutcome.LimitReached => SessionErrors.ConcurrentAccess,
            _ => SessionErrors.UnknownSession,
        };

    private static async Task<Results<Ok<SessionResponse>, BadRequestError, ForbiddenError, NotFoundError, ConflictError>> Impersonate(
        SessionId uuid, JsonBody<ImpersonateRequest> body, ImpersonationService impersonation, SessionService sessions, Caller caller, TimeProvider clock)
    {
        if (body.Value is not { UserUuid: { } user, Reason: null or { Length: <= 1_000 } })
            return SessionErrors.BadImpersonation;
        return await impersonation.ImpersonateAsync(uuid.Value, user, body.Value.Reason, caller.Deed) switch
        {
            ImpersonationOutcome.Changed => await ShowAsync(uuid, sessions, clock) is { } shown ? TypedResults.Ok(shown) : SessionErrors.UnknownSession,
            ImpersonationOutcome.UnknownUser => SessionErrors.UnknownUser,
            ImpersonationOutcome.SessionNotEnabled => SessionErrors.SessionNotEnabled,
            ImpersonationOutcome.UserNotEnabled => SessionErrors.UserNotEnabled,
            ImpersonationOutcome.AlreadyImpersonated => SessionErrors.AlreadyImpersonated,
            ImpersonationOutcome.NotAllowed => SessionErrors.ImpersonationNotAllowed,
            _ => SessionErrors.UnknownSession,
        };
    }

    private static async Task<Results<Ok<SessionResponse>, BadRequestError, NotFoundError, ConflictError>> RevertIdentity(
        SessionId uuid, ImpersonationService impersonation, SessionService sessions, Caller caller, TimeProvider clock) =>
        await impersonation.RevertAsync(uuid.Value, caller.Deed) switch
        {
            ImpersonationOutcome.Changed => await ShowAsync(uuid, sessions, clock) is { } shown ? TypedResults.Ok(shown) : SessionErrors.UnknownSession,
            ImpersonationOutcome.NotImpersonated => SessionErrors.NotImpersonated,
            _ => SessionErrors.UnknownSession,
        };

    private static async Task<SessionResponse?> ShowAsync(SessionId uuid, SessionService sessions, TimeProvider clock) =>
        await sessions.LookAsync(uuid.Value, keepAlive: false) is { } view ? SessionDescription.Of(view, clock.GetUtcNow()) : null;
}

using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Delegation;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.Products;
using AuthService.Sessions.Revoking;
using AuthService.SignIn.Recovery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Sessions;

/// <summary>
/// The routes of the Sessions API: internal services open, get, enable, impersonate and revoke sessions (src/AuthService/README.md#sessions-api).
/// </summary>
internal static class SessionEndpoints
{
    public static void Map(RouteGroupBuilder sessions)
    {
        sessions.MapPost("", Open).WithName("openSession").WithExamples(SessionExamples.Open).WithSummary("Opens a session for a person");
        sessions.MapDelete("", RevokeEveryones).WithName("deleteAllSessions").WithExamples(SessionExamples.RevokeEveryones).WithReceipt()
            .WithSummary("Revokes every session of everybody (ADMIN only)").RequireAuthorization(Policies.Admins).RequireFreshSignIn();
        sessions.MapDelete("/expired", DeleteExpired).WithName("deleteExpiredSessions").WithExamples(OperationExamples.None)
            .WithSummary("Deletes expired sessions now, without waiting for the clean-up");
        sessions.MapGet("/{uuid}", Get).WithName("getSession").WithExamples(SessionExamples.Get)
            .WithSummary("Shows a session; keepAlive counts as use");
        sessions.MapDelete("/{uuid}", Revoke).WithName("deleteSession").WithExamples(SessionExamples.Revoke).WithReceipt().WithSummary("Revokes a session");
        sessions.MapPost("/{uuid}/enable", Enable).WithName("enableSession").WithExamples(SessionExamples.Enable)
            .WithSummary("Enables a new or suspended session");
        sessions.MapPost("/{uuid}/enable/{product}", EnableProduct).WithName("enableProduct").WithExamples(SessionExamples.EnableProduct)
            .WithSummary("Enables a session for a product, within the user's limit there")
            .Explains("product", "EQUISOFT_CONNECT, or another product that is configured");
        sessions.MapPost("/{uuid}/impersonate", Impersonate).WithName("impersonate").WithExamples(SessionExamples.Impersonate).WithReceipt()
            .WithSummary("Impersonates a person in an administrator's session; called by the administrator or by the service that opened the session")
            .RequireFreshSignIn();
        sessions.MapPost("/{uuid}/revertIdentity", RevertIdentity).WithName("revertIdentity").WithExamples(SessionExamples.RevertIdentity).WithReceipt()
            .WithSummary("Ends an impersonation: the session acts as its administrator again");
        StoredTokenEndpoints.Map(sessions.MapGroup("/{uuid}/tokens/{tokenId}"));
    }

    private static async Task<Results<Created<SessionResponse>, BadRequestError, NotFoundError, ConflictError>> Open(
        BoundInput<SessionOpening, OpenSessionReader> opening, SessionOpeningService sessions, SessionResponses responses, Caller caller) =>
        await sessions.OpenAsync(opening.Value, caller.AuditActor) switch
        {
            OpenOutcome.Opened(var opened) => TypedResults.Created(
                $"/sessions/{opened.Session.Id}", responses.Create(new SessionDetails(opened, Products: []))),
            OpenOutcome.InvalidCookieDomain => SessionErrors.InvalidCookieDomain,
            OpenOutcome.Refused(RefusalReason.PrincipalDisabled) => SessionErrors.UserNotEnabled,
            OpenOutcome.Refused(RefusalReason.AgreementNotAccepted) => SessionErrors.AgreementRequested,
            OpenOutcome.Refused(RefusalReason.PasswordResetRequested) => SessionErrors.PasswordResetRequested,
            _ => SessionErrors.UnknownUser,
        };

    private static async Task<Results<Ok<SessionResponse>, BadRequestError, NotFoundError>> Get(
        RouteValue<Guid, SessionIdReader> uuid, BoundInput<bool, KeepAliveReader> keepAlive, SessionResponses responses) =>
        await responses.FindAsync(uuid.Value, keepAlive.Value) is { } response ? TypedResults.Ok(response) : SessionErrors.UnknownSession;

    private static async Task<Results<NoContent, BadRequestError, NotFoundError>> Revoke(
        RouteValue<Guid, SessionIdReader> uuid, SessionRevocation revocation, Caller caller) =>
        await revocation.TryRevokeAsync(uuid.Value, caller.OthersRevocation, caller.AuditActor) ? TypedResults.NoContent() : SessionErrors.UnknownSession;

    private static async Task<Results<NoContent, BadRequestError>> RevokeEveryones(
        BoundInput<Unfiltered, UnfilteredReader> _, AccountRevocation revocation, Caller caller)
    {
        await revocation.RevokeEveryonesAsync(caller.AuditActor);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DeleteExpired(ExpiredSessions expired, HttpContext context)
    {
        await expired.DeleteAllAsync(context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, BadRequestError, NotFoundError>> Enable(
        RouteValue<Guid, SessionIdReader> uuid, SessionService sessions, Caller caller) =>
        await sessions.EnableAsync(uuid.Value, caller.AuditActor) ? TypedResults.NoContent() : SessionErrors.UnknownSession;

    private static async Task<Results<NoContent, BadRequestError, NotFoundError, ConflictError>> EnableProduct(
        RouteValue<Guid, SessionIdReader> uuid,
        string product,
        BoundInput<bool, DisableOldestReader> disableOldest,
        ProductAccessService access,
        Caller caller) =>
        await access.GrantAsync(uuid.Value, product, disableOldest.Value, caller.AuditActor) switch
        {
            AccessOutcome.Granted => TypedResults.NoContent(),
            AccessOutcome.Refused(RefusalReason.UnknownProduct) => SessionErrors.UnknownProduct,
            AccessOutcome.Refused(RefusalReason.SessionNew or RefusalReason.SessionSuspended) => SessionErrors.SessionNotEnabled,
            AccessOutcome.Refused(RefusalReason.LimitReached) => SessionErrors.ConcurrentAccess,
            _ => SessionErrors.UnknownSession,
        };

    private static async Task<Results<Ok<SessionResponse>, BadRequestError, ForbiddenError, NotFoundError, ConflictError>> Impersonate(
        RouteValue<Guid, SessionIdReader> uuid,
        BoundInput<Impersonation, ImpersonationReader> wanted,
        ImpersonationService impersonation,
        SessionResponses responses,
        Caller caller) =>
        await impersonation.ImpersonateAsync(uuid.Value, wanted.Value.User, wanted.Value.Reason, caller.Principal, caller.AuditActor) switch
        {
            ImpersonationOutcome.Changed => await responses.FindAsync(uuid.Value) is { } response ? TypedResults.Ok(response) : SessionErrors.UnknownSession,
            ImpersonationOutcome.Refused(RefusalReason.UnknownPrincipal) => SessionErrors.UnknownUser,
            ImpersonationOutcome.Refused(RefusalReason.SessionNew or RefusalReason.SessionSuspended) => SessionErrors.SessionNotEnabled,
            ImpersonationOutcome.Refused(RefusalReason.TargetDisabled) => SessionErrors.UserNotEnabled,
            ImpersonationOutcome.Refused(RefusalReason.Impersonated) => SessionErrors.AlreadyImpersonated,
            ImpersonationOutcome.Refused(RefusalReason.SessionDelegated or RefusalReason.MayNotImpersonate or RefusalReason.TargetIsAdministrator) =>
                SessionErrors.ImpersonationNotAllowed,
            ImpersonationOutcome.Refused(RefusalReason.CallerMayNotImpersonate) => SessionErrors.ImpersonationByOther,
            _ => SessionErrors.UnknownSession,
        };

    private static async Task<Results<Ok<SessionResponse>, BadRequestError, NotFoundError, ConflictError>> RevertIdentity(
        RouteValue<Guid, SessionIdReader> uuid, ImpersonationService impersonation, SessionResponses responses, Caller caller) =>
        await impersonation.RevertAsync(uuid.Value, caller.AuditActor) switch
        {
            ImpersonationOutcome.Changed => await responses.FindAsync(uuid.Value) is { } response ? TypedResults.Ok(response) : SessionErrors.UnknownSession,
            ImpersonationOutcome.Refused(RefusalReason.NotImpersonated) => SessionErrors.NotImpersonated,
            _ => SessionErrors.UnknownSession,
        };
}

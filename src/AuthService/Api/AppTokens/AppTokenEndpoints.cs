using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Applications;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.AppTokens;

/// <summary>The routes for magic links, app tokens and the applications that they belong to (src/AuthService/README.md#app-tokens-api).</summary>
internal static class AppTokenEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.AddEndpointFilterFactory(IdempotencyFilter.Create);
        ApplicationEndpoints.Map(api.MapGroup("/app"));
        var auth = api.MapGroup("/auth");
        auth.MapPost("/logout", LogOut).WithName("logoutAppToken").WithExamples(AppTokenExamples.LogOut)
            .WithSummary("Revokes the app token that is sent as bearer").WithMetadata(TakesOtherBearer.AppToken);
        var services = auth.MapGroup("").RequireAuthorization(Policies.Services);
        services.MapPost("/dashboard-access/{app_id}", DashboardAccess).WithName("dashboardAccess").WithExamples(AppTokenExamples.DashboardAccess)
            .WithSummary("Issues a magic link to the portal");
        services.MapPost("/app-portal-access/{app_id}", PortalAccess).WithName("appPortalAccess").WithExamples(AppTokenExamples.PortalAccess)
            .WithSummary("Issues a magic link to the portal, and creates its application if needed");
        services.MapPost("/app/{app_id}/expire-all", ExpireAll).WithName("expireAll").WithExamples(AppTokenExamples.ExpireAll)
            .WithSummary("Revokes the tokens of an application, all or those of some sessions, now or soon");
    }

    private static Task<Results<Ok<PortalAccessResponse>, NotFoundError, UnprocessableError, UnavailableError>> DashboardAccess(
        RouteValue<ApplicationKey, ApplicationKeyReader> app_id,
        BoundInput<IdempotencyKey, IdempotencyKeyReader> key,
        PortalAccessService portal,
        Caller caller) =>
        GrantAsync(new PortalAccess(app_id.Value), portal, caller);

    private static Task<Results<Ok<PortalAccessResponse>, NotFoundError, UnprocessableError, UnavailableError>> PortalAccess(
        RouteValue<ApplicationKey, ApplicationKeyReader> app_id,
        BoundInput<PortalAccessBody, PortalAccessReader> input,
        BoundInput<IdempotencyKey, IdempotencyKeyReader> key,
        PortalAccessService portal,
        Caller caller)
    {
        var body = input.Value;
        var access = new PortalAccess(app_id.Value)
        {
            Lifetime = body.Lifetime,
            FeatureFlags = body.FeatureFlags,
            SessionId = body.SessionId,
            NewApplication = body.Application,
        };
        return GrantAsync(access, portal, caller);
    }

    private static async Task<Results<NoContent, NotFoundError, UnprocessableError>> ExpireAll(
        RouteValue<ApplicationKey, ApplicationKeyReader> app_id,
        BoundInput<ExpireAllBody, ExpireAllReader> body,
        BoundInput<IdempotencyKey, IdempotencyKeyReader> key,
        AppTokenService tokens,
        Caller caller) =>
        await tokens.TryRevokeAllAsync(app_id.Value, body.Value.SessionIds, body.Value.Grace, caller.AuditActor)
            ? TypedResults.NoContent()
            : AppTokenErrors.UnknownApplication;

    /// <summary>Revokes an app token. The route asks for no policy, because a repeated call comes with a token that is already revoked.</summary>
    private static async Task<Results<NoContent, UnauthenticatedError, ForbiddenError, UnprocessableError>> LogOut(
        BoundInput<IdempotencyKey, IdempotencyKeyReader> key, AppTokenService tokens, BearerCredentials credentials, ClientInfo client, HttpRequest request)
    {
        var text = BearerToken.Find(request) ?? "";
        if (AppToken.TryParse(text) is { } token)
            return await tokens.TryLogOutAsync(token, client.AuditActor) ? TypedResults.NoContent() : AppTokenErrors.UnknownToken;
        return RefreshToken.TryParse(text) is not null || await credentials.HoldsAsync(text, client)
            ? AppTokenErrors.OnlyAppTokens
            : AppTokenErrors.UnknownToken;
    }

    private static async Task<Results<Ok<PortalAccessResponse>, NotFoundError, UnprocessableError, UnavailableError>> GrantAsync(
        PortalAccess access, PortalAccessService portal, Caller caller) => await portal.GrantAsync(access, caller.AuditActor) switch
        {
            PortalAccessOutcome.Granted(var link, var token) => TypedResults.Ok(new PortalAccessResponse(link, token.Reveal())),
            PortalAccessOutcome.UidDiffers => AppTokenErrors.UidDiffers,
            PortalAccessOutcome.NoPortal => AppTokenErrors.PortalMissing,
            _ => AppTokenErrors.UnknownApplication,
        };
}

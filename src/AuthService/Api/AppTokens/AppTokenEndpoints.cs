using AuthService.Api.Http;
using AuthService.Applications;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.AppTokens;

/// <summary>Magic links, app tokens and the applications they are for (SPEC 6).</summary>
internal static class AppTokenEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.AddEndpointFilterFactory(IdempotencyFilter.Create);
        ApplicationEndpoints.Map(api.MapGroup("/app"));
        var auth = api.MapGroup("/auth");
        auth.MapPost("/logout", LogOut).WithSummary("Ends the app token that is shown as bearer");
        var services = auth.MapGroup("").RequireAuthorization(Policies.Services);
        services.MapPost("/dashboard-access/{app_id}", DashboardAccess).WithSummary("Gives a magic link to the portal");
        services.MapPost("/app-portal-access/{app_id}", PortalAccess).WithSummary("Gives a magic link to the portal, and makes its application where needed");
        services.MapPost("/app/{app_id}/expire-all", ExpireAll).WithSummary("Ends every token of an application, now or soon");
    }

    private static Task<Results<Ok<PortalAccessResponse>, NotFoundError, UnprocessableError, UnavailableError>> DashboardAccess(
        ApplicationPath app_id, IdempotencyKey key, PortalAccessService portal, Caller caller) =>
        GrantAsync(new PortalAccess(app_id.Key), portal, caller);

    private static Task<Results<Ok<PortalAccessResponse>, NotFoundError, UnprocessableError, UnavailableError>> PortalAccess(
        ApplicationPath app_id, PortalAccessInput input, IdempotencyKey key, PortalAccessService portal, Caller caller) => GrantAsync(
            new PortalAccess(app_id.Key) { Lifetime = input.Lifetime, FeatureFlags = input.FeatureFlags, NewApplication = input.Application }, portal, caller);

    private static async Task<Results<NoContent, NotFoundError, UnprocessableError>> ExpireAll(
        ApplicationPath app_id, ExpireAllInput input, IdempotencyKey key, ApplicationStore applications, AppTokenService tokens, Caller caller)
    {
        if (await applications.FindAsync(app_id.Key) is not { } application)
            return AppTokenErrors.UnknownApplication;
        await tokens.EndAllAsync(application, input.Grace, caller.Deed);
        return TypedResults.NoContent();
    }

    /// <summary>Asks for no policy: a repeat of it comes with a token that is dead.</summary>
    private static async Task<Results<NoContent, UnauthenticatedError, ForbiddenError, UnprocessableError>> LogOut(
        IdempotencyKey key, AppTokenService tokens, BearerCredentials credentials, ClientInfo client, HttpRequest request)
    {
        var text = BearerToken.Find(request) ?? "";
        if (AppToken.TryParse(text) is { } token)
            return await tokens.TryLogOutAsync(token, client.Deed) ? TypedResults.NoContent() : AppTokenErrors.TokenIsDead;
        return RefreshToken.TryParse(text) is not null || await credentials.HoldsAsync(text, client)
            ? AppTokenErrors.OnlyAppTokens
            : AppTokenErrors.TokenIsDead;
    }

    private static async Task<Results<Ok<PortalAccessResponse>, NotFoundError, UnprocessableError, UnavailableError>> GrantAsync(
        PortalAccess access, PortalAccessService portal, Caller caller) => await portal.GrantAsync(access, caller.Deed) switch
        {
            PortalAccessOutcome.Granted(var link, var token) => TypedResults.Ok(new PortalAccessResponse(link, token.Reveal())),
            PortalAccessOutcome.UidDiffers => AppTokenErrors.UidDiffers,
            PortalAccessOutcome.NoPortal => AppTokenErrors.PortalMissing,
            _ => AppTokenErrors.UnknownApplication,
        };
}

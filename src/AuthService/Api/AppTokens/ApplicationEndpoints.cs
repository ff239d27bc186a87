using System.Security.Claims;
using AuthService.Api.Http;
using AuthService.Applications;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.AppTokens;

/// <summary>Customers' applications (SPEC 6).</summary>
internal static class ApplicationEndpoints
{
    public static void Map(RouteGroupBuilder applications)
    {
        var services = applications.MapGroup("").RequireAuthorization(Policies.Services);
        services.MapPost("", Create).WithSummary("Makes an application");
        services.MapGet("", List).WithSummary("Lists the applications, page by page");
        services.MapPut("/{app_id}", Replace).WithSummary("Replaces what is known of an application");
        services.MapDelete("/{app_id}", Delete).WithSummary("Deletes an application and its tokens");
        applications.MapGet("/{app_id}", Get).RequireAuthorization(Policies.ServicesAndAppTokens).WithSummary("Shows an application; an app token may see its own");
    }

    private static async Task<Results<Created<ApplicationResponse>, Ok<ApplicationResponse>, ConflictError, UnprocessableError>> Create(
        ApplicationInput input, GetIfExists getIfExists, IdempotencyKey key, ApplicationService service, ApplicationStore applications, Caller caller)
    {
        if (await service.CreateAsync(input.Details, caller.Deed) is ApplicationOutcome.Created(var created))
            return TypedResults.Created($"/api/v1/app/{created.Id}", ApplicationResponse.Of(created));
        return getIfExists.Value && ApplicationKey.TryParse(input.Details.Uid, out var uid) && await applications.FindAsync(uid) is { } existing
            ? TypedResults.Ok(ApplicationResponse.Of(existing))
            : AppTokenErrors.UidInUse;
    }

    private static async Task<Results<Ok<ApplicationListResponse>, UnprocessableError>> List(ApplicationPaging paging, ApplicationStore applications)
    {
        var page = await applications.ListAsync(paging.Position, paging.Descending, paging.Limit);
        return TypedResults.Ok(new ApplicationListResponse(
            [.. page.Items.Select(ApplicationResponse.Of)], page.IsLast, page.Next?.ToString(), page.Previous?.ToString()));
    }

    private static async Task<Results<Ok<ApplicationResponse>, NotFoundError, UnprocessableError>> Get(
        ApplicationPath app_id, ClaimsPrincipal caller, ApplicationStore applications)
    {
        var application = caller.Identity is AppTokenCaller { Application: var own }
            ? own.IsFoundBy(app_id.Key) ? own : null
            : await applications.FindAsync(app_id.Key);
        return application is null ? AppTokenErrors.UnknownApplication : TypedResults.Ok(ApplicationResponse.Of(application));
    }

    private static async Task<Results<Ok<ApplicationResponse>, NotFoundError, ConflictError, UnprocessableError>> Replace(
        ApplicationPath app_id, ApplicationInput input, ApplicationService service, Caller caller) =>
        await service.ReplaceAsync(app_id.Key, input.Details, caller.Deed) switch
        {
            ApplicationOutcome.Changed(var application) => TypedResults.Ok(ApplicationResponse.Of(application)),
            ApplicationOutcome.UidInUse => AppTokenErrors.UidInUse,
            _ => AppTokenErrors.UnknownApplication,
        };

    private static async Task<Results<NoContent, NotFoundError, UnprocessableError>> Delete(ApplicationPath app_id, ApplicationService service, Caller caller) =>
        await service.TryDeleteAsync(app_id.Key, caller.Deed) ? TypedResults.NoContent() : AppTokenErrors.UnknownApplication;
}

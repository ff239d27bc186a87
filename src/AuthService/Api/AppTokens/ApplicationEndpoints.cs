using System.Security.Claims;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Applications;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.AppTokens;

/// <summary>The routes for the applications of customers (src/AuthService/README.md#app-tokens-api).</summary>
internal static class ApplicationEndpoints
{
    public static void Map(RouteGroupBuilder applications)
    {
        var services = applications.MapGroup("").RequireAuthorization(Policies.Services);
        services.MapPost("", Create).WithName("createApplication").WithExamples(AppTokenExamples.Create).WithSummary("Creates an application");
        services.MapGet("", List).WithName("listApplications").WithExamples(AppTokenExamples.List)
            .WithSummary("Lists the applications, page by page");
        services.MapPut("/{app_id}", Replace).WithName("replaceApplication").WithExamples(AppTokenExamples.Replace)
            .WithSummary("Replaces an application, or creates it with this uid");
        services.MapPatch("/{app_id}", Change).WithName("changeApplication").WithExamples(AppTokenExamples.Change)
            .WithSummary("Changes the named members of an application; null removes uid and throttleRate");
        services.MapDelete("/{app_id}", Delete).WithName("deleteApplication").WithExamples(AppTokenExamples.Delete)
            .WithSummary("Deletes an application and its tokens");
        applications.MapGet("/{app_id}", Get).WithName("getApplication").WithExamples(AppTokenExamples.Get)
            .RequireAuthorization(Policies.ServicesAndAppTokens).WithSummary("Shows an application; an app token may see its own")
            .WithMetadata(TakesOtherBearer.AppToken);
    }

    private static async Task<Results<Created<ApplicationResponse>, Ok<ApplicationResponse>, ConflictError, UnprocessableError>> Create(
        BoundInput<ApplicationBody, ApplicationReader> body,
        BoundInput<bool, GetIfExistsReader> getIfExists,
        BoundInput<IdempotencyKey, IdempotencyKeyReader> key,
        ApplicationService service,
        Caller caller)
    {
        var details = body.Value.Details;
        return await (getIfExists.Value ? service.GetOrCreateAsync(details, caller.AuditActor) : service.CreateAsync(details, caller.AuditActor)) switch
        {
            ApplicationOutcome.Created(var created) => TypedResults.Created($"/api/v1/app/{created.Id}", ApplicationResponse.Of(created)),
            ApplicationOutcome.Existing(var existing) => TypedResults.Ok(ApplicationResponse.Of(existing)),
            _ => AppTokenErrors.UidInUse,
        };
    }

    private static async Task<Results<Ok<ApplicationListResponse>, UnprocessableError>> List(
        BoundInput<ApplicationPaging, ApplicationPagingReader> paging, ApplicationStore applications)
    {
        var page = await applications.ListAsync(paging.Value.Position, paging.Value.Descending, paging.Value.Limit);
        return TypedResults.Ok(new ApplicationListResponse(
            [.. page.Items.Select(ApplicationResponse.Of)], page.IsLast, page.Next?.ToString(), page.Previous?.ToString()));
    }

    private static async Task<Results<Ok<ApplicationResponse>, NotFoundError, UnprocessableError>> Get(
        RouteValue<ApplicationKey, ApplicationKeyReader> app_id, ClaimsPrincipal caller, ApplicationStore applications)
    {
        var application = caller.Identity switch
        {
            AppTokenCaller { Application: var own } when own.IsFoundBy(app_id.Value) => own,
            AppTokenCaller => null,
            _ => await applications.FindAsync(app_id.Value),
        };
        return application is null ? AppTokenErrors.UnknownApplication : TypedResults.Ok(ApplicationResponse.Of(application));
    }

    private static async Task<Results<Ok<ApplicationResponse>, Created<ApplicationResponse>, NotFoundError, ConflictError, UnprocessableError>> Replace(
        RouteValue<ApplicationKey, ApplicationKeyReader> app_id,
        BoundInput<ApplicationBody, ApplicationReader> input,
        ApplicationService service,
        Caller caller) =>
        await service.ReplaceOrCreateAsync(app_id.Value, input.Value.Details, caller.AuditActor) switch
        {
            ApplicationOutcome.Changed(var application) => TypedResults.Ok(ApplicationResponse.Of(application)),
            ApplicationOutcome.Created(var application) => TypedResults.Created($"/api/v1/app/{application.Id}", ApplicationResponse.Of(application)),
            ApplicationOutcome.UidDiffers => AppTokenErrors.UidIsNotThePath,
            ApplicationOutcome.UidInUse => AppTokenErrors.UidInUse,
            _ => AppTokenErrors.UnknownApplication,
        };

    private static async Task<Results<Ok<ApplicationResponse>, NotFoundError, ConflictError, UnprocessableError>> Change(
        RouteValue<ApplicationKey, ApplicationKeyReader> app_id,
        BoundInput<ApplicationChangeBody, ApplicationChangeReader> input,
        ApplicationService service,
        Caller caller) =>
        await service.ChangeAsync(app_id.Value, input.Value.Change, caller.AuditActor) switch
        {
            ApplicationOutcome.Changed(var application) => TypedResults.Ok(ApplicationResponse.Of(application)),
            ApplicationOutcome.UidInUse => AppTokenErrors.UidInUse,
            _ => AppTokenErrors.UnknownApplication,
        };

    private static async Task<Results<NoContent, NotFoundError, UnprocessableError>> Delete(
        RouteValue<ApplicationKey, ApplicationKeyReader> app_id, ApplicationService service, Caller caller) =>
        await service.TryDeleteAsync(app_id.Value, caller.AuditActor) ? TypedResults.NoContent() : AppTokenErrors.UnknownApplication;
}

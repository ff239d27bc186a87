using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.Rules;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The routes that show why calls were refused.</summary>
internal static class RefusalEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var refusals = admin.MapGroup("/refusals");
        refusals.MapGet("", List).WithName("listRefusals").WithExamples(RefusalExamples.List)
            .WithSummary("Lists the calls that were refused within a day, each with the rule that refused it, the newest first");
        refusals.MapGet("/{traceId}", Get).WithName("getRefusals").WithExamples(RefusalExamples.Get)
            .Explains("traceId", "Of the error that somebody got, 32 hexadecimal digits")
            .WithSummary("Explains why a call was refused: the rule, the principal and the facts; for a trace with several refusals, all of them");
    }

    private static async Task<Results<Ok<RefusalPageResponse>, BadRequestError>> List(
        BoundInput<RefusalQuery, RefusalReader> query, RefusalStore refusals, PrincipalStore principals, TimeProvider clock)
    {
        var (filter, after, limit) = query.Value;
        var exact = filter with { Principal = await principals.FindExactIdAsync(filter.Principal) };
        var page = await refusals.ListAsync(exact, after, limit, clock.GetUtcNow());
        return TypedResults.Ok(new RefusalPageResponse([.. page.Items.Select(RefusalItem.Of)], page.Next?.ToString()));
    }

    private static async Task<Results<Ok<IReadOnlyList<RefusalItem>>, BadRequestError, NotFoundError>> Get(
        string traceId, RefusalHistory history)
    {
        if (TraceIds.Find(traceId) is not { } id)
            return AdminErrors.NoTraceId;
        var found = await history.FindAsync(id);
        return found.Count > 0 ? TypedResults.Ok<IReadOnlyList<RefusalItem>>([.. found.Select(RefusalItem.Of)]) : AdminErrors.UnknownTrace;
    }
}

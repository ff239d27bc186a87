using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Audit;
using AuthService.Principals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The route that reads the audit log.</summary>
internal static class AuditEndpoints
{
    public static void Map(RouteGroupBuilder admin) =>
        admin.MapGet("/audit", List).WithName("listAuditEntries").WithExamples(OversightExamples.ListAudit)
            .WithSummary("Lists audit entries: who did what to whom, when, from where and with what outcome, the newest first");

    private static async Task<Results<Ok<AuditPageResponse>, BadRequestError>> List(
        BoundInput<AuditQuery, AuditReader> query, AuditStore audit, PrincipalStore principals)
    {
        var (filter, after, limit) = query.Value;
        var exact = filter with { Principal = await principals.FindExactIdAsync(filter.Principal), Actor = await principals.FindExactIdAsync(filter.Actor) };
        var page = await audit.ListAsync(exact, after, limit);
        return TypedResults.Ok(new AuditPageResponse([.. page.Items.Select(AuditEventResponse.Of)], page.Next?.ToString()));
    }
}

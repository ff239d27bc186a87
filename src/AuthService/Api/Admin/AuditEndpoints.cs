using AuthService.Api.Http;
using AuthService.Audit;
using AuthService.Principals;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The record of deeds, for reading.</summary>
internal static class AuditEndpoints
{
    public static void Map(RouteGroupBuilder admin) =>
        admin.MapGet("/audit", List).WithSummary("Who did what to whom, when, from where and with what outcome, the newest first");

    private static async Task<Results<Ok<AuditPageResponse>, BadRequestError>> List(AuditInput input, AuditStore audit, PrincipalStore principals)
    {
        var filter = input.Filter with
        {
            Principal = await ExactIdAsync(input.Filter.Principal, principals),
            Actor = await ExactIdAsync(input.Filter.Actor, principals),
        };
        var page = await audit.ListAsync(filter, input.After, input.Limit);
        return TypedResults.Ok(new AuditPageResponse([.. page.Items.Select(AuditEventResponse.Of)], page.Next?.ToString()));
    }

    /// <summary>The id as it stands on record, for one given in any letter case, also of a deleted principal.</summary>
    private static async Task<string?> ExactIdAsync(string? id, PrincipalStore principals) =>
        PrincipalName.TryParse(id, out var name) && await principals.FindByNameAsync(name) is { } principal ? principal.Id : id;
}

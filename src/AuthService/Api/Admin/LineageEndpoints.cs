using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Sessions.Lists;
using AuthService.Sessions.Revoking;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>The routes for a session together with the sessions and tokens that were made from it.</summary>
internal static class LineageEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var sessions = admin.MapGroup("/sessions/{id}").Explains("id", "Of a session that is there or ended within a week, a UUID");
        sessions.MapGet("/lineage", List).WithName("listLineage").WithExamples(OversightExamples.ListLineage)
            .WithSummary("Lists the sign-in that a session came from and every session made from it, the oldest first");
        sessions.MapDelete("", Revoke).WithName("revokeSession").WithExamples(OversightExamples.RevokeLineage).WithReceipt()
            .WithSummary("Revokes a session, optionally with all that was made from it, and returns how many");
    }

    private static async Task<Results<Ok<IReadOnlyList<LineageItem>>, NotFoundError>> List(string id, SessionLineage lineage, TimeProvider clock) =>
        await lineage.FindOriginAsync(Ids.Read(id)) is { } origin
            ? TypedResults.Ok(LineageItem.ListOf(await lineage.ListAsync(origin), clock.GetUtcNow()))
            : AdminErrors.UnknownSession;

    private static async Task<Results<Ok<RevokedResponse>, BadRequestError, NotFoundError>> Revoke(
        string id, BoundInput<bool, DescendantsReader> descendants, SessionLineage lineage, SessionRevocation revocation, Caller caller)
    {
        if (await lineage.FindOriginAsync(Ids.Read(id)) is not { } origin)
            return AdminErrors.UnknownSession;
        if (descendants.Value)
            return TypedResults.Ok(new RevokedResponse(await revocation.RevokeWithDescendantsAsync(origin, caller.OthersRevocation, caller.AuditActor)));
        return await revocation.TryRevokeAsync(origin.Id, caller.OthersRevocation, caller.AuditActor)
            ? TypedResults.Ok(new RevokedResponse(1))
            : AdminErrors.UnknownSession;
    }
}

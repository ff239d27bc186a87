using AuthService.Api.Http;
using AuthService.Principals;
using AuthService.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>
/// The sessions that concern a principal: its own, the delegated ones, and those in which one impersonates the other. The
/// standing credential of a service is none of them.
/// </summary>
internal static class PrincipalSessionEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var sessions = admin.MapGroup("/principals/{id}/sessions").Explains("id", "The principal's id, in any letter case");
        sessions.MapGet("", List).WithSummary("The unexpired sessions of a principal with all their facts, newest first");
        sessions.MapDelete("", RevokeAll).WithSummary("Ends every session of a principal, the delegated ones included, and says how many they were");
        sessions.MapDelete("/{sessionId}", Revoke).WithSummary("Ends one session of a principal").Explains("sessionId", "As the list names it, a UUID");
    }

    private static async Task<Results<Ok<AdminSessionPageResponse>, BadRequestError, NotFoundError>> List(
        string id, Paging paging, PrincipalStore principals, SessionLists lists, TimeProvider clock)
    {
        if (await PrincipalEndpoints.FindAsync(id, principals) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        var now = clock.GetUtcNow();
        var page = await lists.ListInFullAsync(principal, now, paging.ItemsPerPage, paging.Page);
        return TypedResults.Ok(new AdminSessionPageResponse(
            page.ItemsInTotal, paging.ItemsPerPage, paging.Page, [.. page.Items.Select(full => AdminSessionResponse.Of(full, now))]));
    }

    private static async Task<Results<Ok<RevokedResponse>, NotFoundError>> RevokeAll(
        string id, PrincipalStore principals, SessionEndings endings, Caller caller) =>
        await PrincipalEndpoints.FindAsync(id, principals) is { } principal
            ? TypedResults.Ok(new RevokedResponse(await endings.EndAllAsync(principal, caller.Deed)))
            : AdminErrors.UnknownPrincipal;

    private static async Task<Results<NoContent, NotFoundError>> Revoke(
        string id, string sessionId, PrincipalStore principals, SessionEndings endings, Caller caller)
    {
        if (await PrincipalEndpoints.FindAsync(id, principals) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        return Guid.TryParseExact(sessionId, "D", out var session) && await endings.TryEndAsync(session, principal, caller.Deed)
            ? TypedResults.NoContent()
            : AdminErrors.UnknownSession;
    }
}

using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals;
using AuthService.Sessions.Lists;
using AuthService.Sessions.Revoking;
using AuthService.SignIn.Recovery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.Admin;

/// <summary>
/// The routes for the sessions of a principal: its own, the delegated ones, and those in which it impersonates or is impersonated. The service refresh token of
/// a service is not a session.
/// </summary>
internal static class PrincipalSessionEndpoints
{
    public static void Map(RouteGroupBuilder admin)
    {
        var sessions = admin.MapGroup("/principals/{id}/sessions").Explains("id", "The principal's id, in any letter case");
        sessions.MapGet("", List).WithName("listPrincipalSessions").WithExamples(OversightExamples.ListSessions)
            .WithSummary("Lists the unexpired sessions of a principal with all their facts, the newest first");
        sessions.MapDelete("", RevokeAll).WithName("revokePrincipalSessions").WithExamples(OversightExamples.RevokeSessions).WithReceipt()
            .WithSummary("Revokes every session of a principal, the delegated ones included, and returns how many");
        sessions.MapDelete("/{sessionId}", Revoke).WithName("revokePrincipalSession").WithExamples(OversightExamples.RevokeSession).WithReceipt()
            .WithSummary("Revokes one session of a principal").Explains("sessionId", "As the list names it, a UUID");
    }

    private static async Task<Results<Ok<AdminSessionPageResponse>, BadRequestError, NotFoundError>> List(
        string id, BoundInput<Paging, PagingReader> paging, PrincipalStore principals, SessionLists lists, TimeProvider clock)
    {
        if (await principals.FindByIdAsync(id) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        var (now, (itemsPerPage, number)) = (clock.GetUtcNow(), paging.Value);
        var page = await lists.ListDetailsAsync(principal, now, itemsPerPage, number);
        return TypedResults.Ok(new AdminSessionPageResponse(
            page.ItemsInTotal, itemsPerPage, number, [.. page.Items.Select(full => AdminSessionResponse.Of(full, now))]));
    }

    private static async Task<Results<Ok<RevokedResponse>, BadRequestError, NotFoundError>> RevokeAll(
        string id, BoundInput<Unfiltered, UnfilteredReader> _, PrincipalStore principals, AccountRevocation revocation, Caller caller) =>
        await principals.FindByIdAsync(id) is { } principal
            ? TypedResults.Ok(new RevokedResponse(await revocation.RevokeAllAsync(principal, caller.OthersRevocation, caller.AuditActor)))
            : AdminErrors.UnknownPrincipal;

    private static async Task<Results<NoContent, NotFoundError>> Revoke(
        string id, string sessionId, PrincipalStore principals, SessionRevocation revocation, Caller caller)
    {
        if (await principals.FindByIdAsync(id) is not { } principal)
            return AdminErrors.UnknownPrincipal;
        return await revocation.TryRevokeAsync(Ids.Read(sessionId), principal, caller.OthersRevocation, caller.AuditActor)
            ? TypedResults.NoContent()
            : AdminErrors.UnknownSession;
    }
}

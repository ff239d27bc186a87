using System.Text;
using AuthService.Api.Http;
using AuthService.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AuthService.Api.Sessions;

/// <summary>Tokens of single sign-on providers, kept with a session and encrypted at rest.</summary>
internal static class StoredTokenEndpoints
{
    public static void Map(RouteGroupBuilder token)
    {
        token.MapPut("", Put).WithSummary("Keeps a token with the session, as it is given").WithMetadata(new RequestSizeLimitAttribute(StoredTokenInput.LargestBody));
        token.MapGet("", Get).WithSummary("Gives back a kept token");
        token.MapDelete("", Delete).WithSummary("Forgets a kept token");
    }

    private static async Task<Results<NoContent, BadRequestError, ForbiddenError, NotFoundError>> Put(
        SessionId uuid, TokenId tokenId, StoredTokenInput input, SessionService sessions, StoredTokenStore tokens) =>
        await sessions.LookAsync(uuid.Value, keepAlive: false) switch
        {
            null => SessionErrors.UnknownSession,
            { Owned.Actor: not null } => SessionErrors.TokensOutOfReach,
            _ => await tokens.TryPutAsync(uuid.Value, tokenId.Value, input.Value) ? TypedResults.NoContent() : SessionErrors.UnknownSession,
        };

    private static async Task<Results<Ok<StoredTokenResponse>, BadRequestError, ForbiddenError, NotFoundError>> Get(
        SessionId uuid, TokenId tokenId, SessionService sessions, StoredTokenStore tokens) =>
        await sessions.LookAsync(uuid.Value, keepAlive: false) switch
        {
            null => SessionErrors.UnknownSession,
            { Owned.Actor: not null } => SessionErrors.TokensOutOfReach,
            _ => await tokens.FindAsync(uuid.Value, tokenId.Value) is { } value
                ? TypedResults.Ok(new StoredTokenResponse(tokenId.Value, Encoding.UTF8.GetString(value)))
                : SessionErrors.UnknownToken,
        };

    private static async Task<Results<NoContent, BadRequestError, ForbiddenError, NotFoundError>> Delete(
        SessionId uuid, TokenId tokenId, SessionService sessions, StoredTokenStore tokens) =>
        await sessions.LookAsync(uuid.Value, keepAlive: false) switch
        {
            null => SessionErrors.UnknownSession,
            { Owned.Actor: not null } => SessionErrors.TokensOutOfReach,
            _ => await tokens.TryDeleteAsync(uuid.Value, tokenId.Value) ? TypedResults.NoContent() : SessionErrors.UnknownToken,
        };
}

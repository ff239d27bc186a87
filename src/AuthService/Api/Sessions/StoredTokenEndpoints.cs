using System.Text;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Sessions.StoredTokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AuthService.Api.Sessions;

/// <summary>The routes for the tokens of single sign-on providers. They are stored with a session, encrypted at rest.</summary>
internal static class StoredTokenEndpoints
{
    public static void Map(RouteGroupBuilder token)
    {
        token.MapPut("", Put).WithName("putStoredToken").WithExamples(SessionExamples.PutToken)
            .WithSummary("Stores a token with the session, unchanged").WithMetadata(new RequestSizeLimitAttribute(StoredTokenValueReader.LargestBody));
        token.MapGet("", Get).WithName("getStoredToken").WithExamples(SessionExamples.GetToken).WithSummary("Returns a stored token");
        token.MapDelete("", Delete).WithName("deleteStoredToken").WithExamples(SessionExamples.DeleteToken).WithSummary("Deletes a stored token");
    }

    private static async Task<Results<NoContent, BadRequestError, ForbiddenError, NotFoundError, UnavailableError>> Put(
        RouteValue<Guid, SessionIdReader> uuid, RouteValue<string, TokenIdReader> tokenId, BoundInput<byte[], StoredTokenValueReader> value,
        StoredTokenService tokens, Caller caller) =>
        await tokens.PutAsync(new(uuid.Value, tokenId.Value), value.Value, caller.Principal, caller.AuditActor) switch
        {
            StoredTokenOutcome.Done => TypedResults.NoContent(),
            StoredTokenOutcome.Impersonating => SessionErrors.TokensOutOfReach,
            StoredTokenOutcome.NotAllowed => SessionErrors.TokenOfAnother,
            StoredTokenOutcome.KeyMissing => UnavailableError.EncryptionKeyMissing,
            _ => SessionErrors.UnknownSession,
        };

    private static async Task<Results<Ok<StoredTokenResponse>, BadRequestError, ForbiddenError, NotFoundError, UnavailableError>> Get(
        RouteValue<Guid, SessionIdReader> uuid, RouteValue<string, TokenIdReader> tokenId, StoredTokenService tokens, Caller caller) =>
        await tokens.GetAsync(new(uuid.Value, tokenId.Value), caller.Principal, caller.AuditActor) switch
        {
            StoredTokenOutcome.Done(var value) => TypedResults.Ok(new StoredTokenResponse(tokenId.Value, Encoding.UTF8.GetString(value))),
            StoredTokenOutcome.Impersonating => SessionErrors.TokensOutOfReach,
            StoredTokenOutcome.NotAllowed => SessionErrors.TokenOfAnother,
            StoredTokenOutcome.KeyMissing => UnavailableError.EncryptionKeyMissing,
            StoredTokenOutcome.UnknownSession => SessionErrors.UnknownSession,
            _ => SessionErrors.UnknownToken,
        };

    private static async Task<Results<NoContent, BadRequestError, ForbiddenError, NotFoundError>> Delete(
        RouteValue<Guid, SessionIdReader> uuid, RouteValue<string, TokenIdReader> tokenId, StoredTokenService tokens, Caller caller) =>
        await tokens.DeleteAsync(new(uuid.Value, tokenId.Value), caller.Principal, caller.AuditActor) switch
        {
            StoredTokenOutcome.Done => TypedResults.NoContent(),
            StoredTokenOutcome.Impersonating => SessionErrors.TokensOutOfReach,
            StoredTokenOutcome.NotAllowed => SessionErrors.TokenOfAnother,
            StoredTokenOutcome.UnknownSession => SessionErrors.UnknownSession,
            _ => SessionErrors.UnknownToken,
        };
}

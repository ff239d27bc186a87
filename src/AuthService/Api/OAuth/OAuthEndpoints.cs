using AuthService.Api.Http;
using AuthService.Applications;
using AuthService.Delegation;
using AuthService.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.OAuth;

/// <summary>Introspection (RFC 7662) and revocation (RFC 7009) of every kind of token, for services.</summary>
internal static class OAuthEndpoints
{
    public const string Prefix = "/oauth";
    public const string IntrospectPath = "/introspect";
    public const string RevokePath = "/revoke";

    public static void Map(RouteGroupBuilder oauth)
    {
        oauth.MapPost(IntrospectPath, Introspect).WithSummary("Says whether a token is good for anything at this moment, and for what");
        oauth.MapPost(RevokePath, Revoke).WithSummary("Ends the session of a token, or the token itself when it has none");
    }

    private static async Task<Results<Ok<IntrospectionResponse>, BadRequestError>> Introspect(
        TokenInput input, TokenInspection inspection, AppTokenService appTokens)
    {
        var response = input.Token switch
        {
            PresentedToken.Refresh(var token) => IntrospectionResponse.Of(await inspection.InspectAsync(token)),
            PresentedToken.Access(var text) => IntrospectionResponse.Of(await inspection.InspectAsync(text)),
            PresentedToken.App(var token) => IntrospectionResponse.Of(await appTokens.VerifyAsync(token)),
            _ => IntrospectionResponse.Inactive,
        };
        return TypedResults.Ok(response);
    }

    /// <summary>A token that is unknown or dead is as good as revoked (RFC 7009, section 2.2).</summary>
    private static async Task<Results<Ok, BadRequestError>> Revoke(TokenInput input, TokenRevocation revocation, AppTokenService appTokens, Caller caller)
    {
        switch (input.Token)
        {
            case PresentedToken.Refresh(var token):
                return await revocation.TryRevokeAsync(token, caller.Deed) ? TypedResults.Ok() : OAuthErrors.StandingCredential;
            case PresentedToken.Access(var text):
                await revocation.RevokeAsync(text, caller.Deed);
                return TypedResults.Ok();
            case PresentedToken.App(var token):
                await appTokens.TryLogOutAsync(token, caller.Deed);
                return TypedResults.Ok();
            default:
                return input.Token is PresentedToken.Key ? OAuthErrors.ApiKey : TypedResults.Ok();
        }
    }
}

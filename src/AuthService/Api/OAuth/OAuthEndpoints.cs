using AuthService.Api.Http;
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
        oauth.MapPost(IntrospectPath, Introspect).WithSummary("Says whether a token is good for anything at this moment, and for what")
            .Produces<IntrospectionResponse>();
        oauth.MapPost(RevokePath, Revoke).WithSummary("Ends the session of a token, or the token itself when it has none");
    }

    /// <summary>Written by this surface's own rules: what is not known of a token is left out.</summary>
    private static async Task<Results<JsonHttpResult<IntrospectionResponse>, BadRequestError>> Introspect(TokenInput input, TokenInspection inspection)
    {
        var standing = input.Token switch
        {
            PresentedToken.Refresh(var token) => await inspection.InspectAsync(token),
            PresentedToken.Access(var text) => await inspection.InspectAsync(text),
            _ => null,
        };
        return TypedResults.Json(IntrospectionResponse.Of(standing), OAuthJson.Default.IntrospectionResponse);
    }

    /// <summary>A token that is unknown or dead is as good as revoked (RFC 7009, section 2.2).</summary>
    private static async Task<Results<Ok, BadRequestError>> Revoke(TokenInput input, TokenRevocation revocation, Caller caller)
    {
        var outcome = input.Token switch
        {
            PresentedToken.Refresh(var token) => await revocation.RevokeAsync(token, caller.Deed),
            PresentedToken.Access(var text) => await revocation.RevokeAsync(text, caller.Deed),
            _ => new RevocationOutcome.Revoked(),
        };
        return outcome is RevocationOutcome.StandingCredential ? OAuthErrors.StandingCredential : TypedResults.Ok();
    }
}

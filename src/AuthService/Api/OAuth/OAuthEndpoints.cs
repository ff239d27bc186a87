using System.Diagnostics;
using AuthService.Api.Http;
using AuthService.Api.Http.Callers;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.OpenApi;
using AuthService.Applications;
using AuthService.Delegation;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.Sessions.Refresh;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthService.Api.OAuth;

/// <summary>The routes that give tokens to clients (RFC 6749), and let services introspect (RFC 7662) and revoke (RFC 7009) tokens of every kind.</summary>
internal static class OAuthEndpoints
{
    public const string Prefix = "/oauth";
    public const string TokenPath = "/token";
    public const string IntrospectPath = "/introspect";
    public const string RevokePath = "/revoke";

    public static void Map(RouteGroupBuilder oauth)
    {
        oauth.MapPost(TokenPath, Token).WithName("getToken").WithExamples(OAuthExamples.GetToken)
            .WithSummary("Issues an access token for an API key of a service, or for a refresh token");

        var services = oauth.MapGroup("").RequireAuthorization(Policies.Services).WithMetadata(TakesClientAuthentication.Metadata);
        services.MapPost(IntrospectPath, Introspect).WithName("introspectToken").WithExamples(OAuthExamples.Introspect)
            .WithSummary("Tells whether a token is active, and its claims (introspection)");
        services.MapPost(RevokePath, Revoke).WithName("revokeToken").WithExamples(OAuthExamples.Revoke).WithReceipt()
            .WithSummary("Revokes the session of a token, or only the token if it has no session or was made from another token");
    }

    private static async Task<Results<Ok<TokenResponse>, BadRequestError, UnauthenticatedError>> Token(
        BoundInput<RequestedGrant, TokenGrantReader> grant, RefreshService refreshing) => await IssueAsync(grant.Value, refreshing) switch
        {
            RefreshOutcome.Refreshed(var token) => TypedResults.Ok(TokenResponse.Of(token)),
            RefreshOutcome.Refused(RefusalReason.ScopeNotCovered) => OAuthErrors.ScopeNotCovered,
            RefreshOutcome.Refused { Ended: { } ended } => OAuthErrors.Ended(ended),
            _ => OAuthErrors.InvalidRefreshToken,
        };

    private static async Task<RefreshOutcome> IssueAsync(RequestedGrant grant, RefreshService refreshing) => grant switch
    {
        RequestedGrant.ClientCredentials(var service, var request) => refreshing.IssueFor(service, request),
        RequestedGrant.Refresh(var token, var request) => await refreshing.RefreshAsync(token, SessionMode.Application, request),
        _ => throw new UnreachableException($"{grant}"),
    };

    private static async Task<Results<Ok<IntrospectionResponse>, BadRequestError>> Introspect(
        BoundInput<PresentedToken, TokenReader> input, TokenIntrospection introspection, AppTokenService appTokens)
    {
        var response = input.Value switch
        {
            PresentedToken.Refresh(var token) => IntrospectionResponse.Of(await introspection.IntrospectAsync(token)),
            PresentedToken.Access(var text) => IntrospectionResponse.Of(await introspection.IntrospectAsync(text)),
            PresentedToken.App(var token) => IntrospectionResponse.Of(await appTokens.VerifyAsync(token)),
            _ => IntrospectionResponse.Inactive,
        };
        return TypedResults.Ok(response);
    }

    /// <summary>Revokes a token. It also succeeds for a token that is unknown or no longer valid (RFC 7009, section 2.2).</summary>
    private static async Task<Results<Ok, BadRequestError>> Revoke(
        BoundInput<PresentedToken, TokenReader> input, TokenRevocation revocation, AppTokenService appTokens, Caller caller)
    {
        switch (input.Value)
        {
            case PresentedToken.Refresh(var token):
                return await revocation.TryRevokeAsync(token, caller.OthersRevocation, caller.AuditActor) ? TypedResults.Ok() : OAuthErrors.ServiceRefreshToken;
            case PresentedToken.Access(var text):
                await revocation.RevokeAsync(text, caller.OthersRevocation, caller.AuditActor);
                return TypedResults.Ok();
            case PresentedToken.App(var token):
                await appTokens.TryLogOutAsync(token, caller.AuditActor);
                return TypedResults.Ok();
            default:
                return input.Value is PresentedToken.Key ? OAuthErrors.ApiKey : TypedResults.Ok();
        }
    }
}

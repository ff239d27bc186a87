using AuthService.Api.Http.Callers;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.OAuth;

/// <summary>The examples of tokens for clients, introspection and revocation in the OpenAPI document.</summary>
internal static class OAuthExamples
{
    private static readonly TokenRequest Token = new(AccessToken, TokenTypeHint: "access_token");

    private static readonly IntrospectionResponse OfAccessToken = new(Active: true)
    {
        Scope = "all:write",
        TokenType = "Bearer",
        TokenUse = "access_token",
        Username = PersonId,
        Sub = PersonId,
        Iss = "https://auth.example.com",
        Aud = ["all:write"],
        Iat = Moment.ToUnixTimeSeconds(),
        Exp = Moment.AddMinutes(10).ToUnixTimeSeconds(),
        Sid = SessionId,
        Role = "USER",
        PrincipalType = "password",
        ExtendedByChain = [],
    };

    private const string Key = "sk_9Tz1c…";

    private static readonly TokenGrantBody ForKey = new(TokenGrantReader.ClientCredentialsGrant)
    {
        ClientId = ServiceId,
        ClientSecret = Key,
        Scope = "jobs:read",
    };

    private static readonly TokenGrantBody ForRefreshToken = new(TokenGrantReader.RefreshTokenGrant)
    {
        RefreshToken = RefreshToken,
        ClientId = ServiceId,
        ClientSecret = Key,
    };

    private static readonly TokenRequest ByClient = Token with { ClientId = ServiceId, ClientSecret = Key };

    public static readonly OperationExamples GetToken = new()
    {
        Requests = { ["A service, by its id and an API key"] = ForKey, ["A refresh token, by a client that is known"] = ForRefreshToken },
        Answers = { ["Ten minutes"] = new TokenResponse(AccessToken, "Bearer", ExpiresIn: 600, "jobs:read") },
        Refusals =
        [
            TokenReader.NoForm, OAuthErrors.NoGrantType, OAuthErrors.UnsupportedGrantType, OAuthErrors.NoRefreshToken, OAuthErrors.InvalidRefreshToken,
            OAuthErrors.MalformedScope, OAuthErrors.ScopeNotCovered, ClientAuthentication.SeveralMethods, ClientAuthentication.WrongClient,
        ],
    };

    public static readonly OperationExamples Introspect = new()
    {
        Requests = { ["An access token"] = Token, ["By a client without a bearer token"] = ByClient },
        Answers = { ["Good for something"] = OfAccessToken, ["Good for nothing"] = IntrospectionResponse.Inactive },
        Refusals = [TokenReader.Missing, ClientAuthentication.SeveralMethods],
    };

    public static readonly OperationExamples Revoke = new()
    {
        Requests = { ["An access token, whose session is revoked"] = Token, ["By a client without a bearer token"] = ByClient },
        Refusals = [TokenReader.Missing, ClientAuthentication.SeveralMethods, OAuthErrors.ServiceRefreshToken, OAuthErrors.ApiKey],
    };
}

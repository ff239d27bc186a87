using AuthService.Api.Http;
using static AuthService.Api.Http.ExampleValues;

namespace AuthService.Api.OAuth;

/// <summary>What the document of introspection and revocation shows.</summary>
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

    public static readonly IReadOnlyList<OperationExamples> All =
    [
        new("POST /oauth/introspect")
        {
            Requests = { ["An access token"] = Token },
            Answers = { ["Good for something"] = OfAccessToken, ["Good for nothing"] = IntrospectionResponse.Inactive },
            Refusals = [TokenInput.Missing],
        },
        new("POST /oauth/revoke")
        {
            Requests = { ["An access token, whose session ends"] = Token },
            Refusals = [TokenInput.Missing, OAuthErrors.StandingCredential, OAuthErrors.ApiKey],
        },
    ];
}

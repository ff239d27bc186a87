using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Verifies JWTs with the keys that a deployment publishes, as its clients do.</summary>
internal static class PublishedKeys
{
    /// <exception cref="CheckFailedException">The keys do not verify the token, or it has another type.</exception>
    /// <exception cref="CheckLeftOutException">No keys are published.</exception>
    public static async Task ExpectSignedAsync(this Deployment deployment, JsonWebToken token, string type)
    {
        var keys = new JsonWebKeySet((await deployment.GetAsync("/.well-known/jwks.json")).Expect(HttpStatusCode.OK).Text);
        if (keys.Keys.Count == 0)
            throw new CheckLeftOutException("no keys are published");
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidateAudience = false,
            ValidIssuer = token.Issuer,
            ValidTypes = [type],
            RequireExpirationTime = token.TryGetPayloadValue<long>(JwtRegisteredClaimNames.Exp, out _),
        });
        CheckFailedException.Unless(result.IsValid, $"they do not: {result.Exception?.GetType().Name}");
    }
}

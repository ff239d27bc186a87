using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Client.Bearer;

/// <summary>
/// Checks an access token offline (RFC 8725). The key is chosen by <c>kid</c> among the published ones and used with its own algorithm only.
/// Nothing else in the header is believed.
/// </summary>
internal sealed class AccessTokenHandler(PublishedKeys keys, AuthServiceBearerOptions options) : TokenHandler
{
    /// <summary>The longest token that AuthService writes, in characters.</summary>
    private const int LongestToken = 8192;

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (token.Length > LongestToken)
            return Refused("The token is too long");
        var jwt = _handler.ReadJsonWebToken(token);
        // This comes before the search for a key, so that tokens of other issuers cause no fetch.
        if (jwt.Issuer != options.Issuer || !options.AcceptedAlgorithms.Contains(jwt.Alg, StringComparer.Ordinal) || string.IsNullOrEmpty(jwt.Kid))
            return Refused("The token is not one of AuthService's");
        if (jwt.TryGetHeaderValue<object>("crit", out _))
            return Refused("The token asks for an extension of JWS");
        if (await keys.FindAsync(jwt.Kid) is not { } key)
            return Refused("The token's key is not published");

        validationParameters.IssuerSigningKey = key;
        validationParameters.ValidAlgorithms = [key.Alg];
        return await _handler.ValidateTokenAsync(jwt, validationParameters);
    }

    private static TokenValidationResult Refused(string reason) => new() { IsValid = false, Exception = new SecurityTokenValidationException(reason) };
}

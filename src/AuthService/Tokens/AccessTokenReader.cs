using System.Buffers.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Tokens;

/// <summary>
/// Checks the signature, type, issuer and lifetime of an access token of this service (RFC 8725). The <c>kid</c> selects one of the configured keys, which must
/// be used with its configured algorithm. Nothing else in the header is trusted.
/// </summary>
internal sealed class AccessTokenReader
{
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = AccessTokenWriter.MaximumLength };
    private readonly RecentTokens _recent;
    private readonly SigningKeyRing _ring;
    private readonly IOptionsMonitor<JwtOptions> _options;
    private readonly TimeProvider _clock;
    private readonly TokenValidationParameters _parameters;

    public AccessTokenReader(SigningKeyRing ring, IOptionsMonitor<JwtOptions> options, TimeProvider clock)
    {
        (_ring, _options, _clock, _recent) = (ring, options, clock, new RecentTokens(clock));
        _parameters = new TokenValidationParameters
        {
            ValidTypes = [AccessTokenWriter.TokenType, AccessTokenWriter.OneTimeTokenType],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateAudience = false, // `aud` contains scopes, which each endpoint checks
            ClockSkew = TimeSpan.Zero,
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeyResolver = (_, _, keyId, _) => FindKey(keyId) is { } key ? [key.Credentials.Key] : [],
            AlgorithmValidator = (algorithm, securityKey, _, _) => FindKey(securityKey.KeyId)?.Algorithm == algorithm,
            IssuerValidator = (issuer, _, _) => issuer == _options.CurrentValue.Issuer ? issuer : throw new SecurityTokenInvalidIssuerException(),
            LifetimeValidator = (begins, expires, _, _) => _clock.GetUtcNow().UtcDateTime is var now && now < expires && (begins is null || begins <= now),
        };
    }

    /// <returns>Null when the token is not from this service or is no longer valid, whatever the reason.</returns>
    public async Task<AccessToken?> ReadAsync(string text)
    {
        if (text.Length > AccessTokenWriter.MaximumLength)
            return null;
        var hash = TokenHash.Of(text);
        if (_recent.Find(hash) is { } recent && StillHolds(recent))
            return recent.Token;
        var result = await _handler.ValidateTokenAsync(text, _parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt || jwt.TryGetHeaderValue<object>("crit", out _) || ReadClaims(jwt) is not { } token)
            return null;
        if (FindKey(jwt.Kid) is { } key && ReferenceEquals(key.Credentials.Key, jwt.SigningKey))
            _recent.Keep(new RecentToken(hash, token, key), text.Length);
        return token;
    }

    /// <summary>Checks everything that can change after a token was verified: its key, the issuer and the expiry.</summary>
    private bool StillHolds(RecentToken recent) =>
        ReferenceEquals(FindKey(recent.Key.KeyId), recent.Key)
        && recent.Token.Issuer == _options.CurrentValue.Issuer
        && _clock.GetUtcNow() < DateTimeOffset.FromUnixTimeSeconds(recent.Token.ExpiresAt);

    /// <summary>
    /// Reads the claims more strictly than the library: a repeated claim or one of the wrong type makes the token invalid, and so does a one-time token without
    /// a <c>jti</c> or an impersonation without a session.
    /// </summary>
    private static AccessToken? ReadClaims(JsonWebToken jwt)
    {
        try
        {
            var token = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(jwt.EncodedPayload), AccessTokenJson.Default.AccessToken);
            return token switch
            {
                { Jti: null } when jwt.Typ != AccessTokenWriter.TokenType => null,
                { Actor: not null, SessionId: null } => null,
                _ => token,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private SigningKey? FindKey(string? keyId) => _ring.Current.FindVerifying(keyId, _clock.GetUtcNow());
}

using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Client.Revocations;

/// <summary>What a revocation may name of a token whose signature, issuer and lifetime are right.</summary>
/// <param name="Text">The whole token.</param>
/// <param name="Subject">Its <c>sub</c>.</param>
/// <param name="IssuedAt">Its <c>iat</c>, in seconds since 1970; 0 without one, which is before everything.</param>
/// <param name="HasSession">Whether it has a <c>sid</c>.</param>
/// <param name="SessionId">Its <c>sid</c>.</param>
/// <param name="SecurityStamp">The principal's stamp, in tokens without a session.</param>
/// <param name="ApiKeyId">The API key that it was issued for.</param>
/// <param name="ExtendedByChain">Who narrowed it; null when nobody did.</param>
/// <param name="IsForOneUse">Whether it has a <c>jti</c>.</param>
internal readonly record struct CheckedToken(
    string Text,
    string Subject,
    long IssuedAt,
    bool HasSession = false,
    Guid SessionId = default,
    long? SecurityStamp = null,
    Guid? ApiKeyId = null,
    string[]? ExtendedByChain = null,
    bool IsForOneUse = false)
{
    private const string SecurityStampClaim = "securityStamp";
    private const string ApiKeyClaim = "apiKeyId";

    /// <summary>Only such tokens are revoked one by one; the others go with their session.</summary>
    public bool MayBeRevokedAlone => !HasSession || IsForOneUse || ExtendedByChain is not null;

    public static CheckedToken Of(JsonWebToken token)
    {
        var hasSession = token.TryGetPayloadValue<string>(AuthServiceBearer.SessionClaim, out var session);
        return new CheckedToken(
            token.EncodedToken,
            token.Subject,
            EpochTime.GetIntDate(token.IssuedAt),
            hasSession,
            Guid.TryParse(session, out var sessionId) ? sessionId : default,
            token.TryGetPayloadValue<long>(SecurityStampClaim, out var stamp) ? stamp : null,
            token.TryGetPayloadValue<string>(ApiKeyClaim, out var key) && Guid.TryParse(key, out var keyId) ? keyId : null,
            FindChain(token),
            token.Id.Length > 0);
    }

    /// <summary>Every token has the chain, mostly an empty one, which is not read: only what was narrowed says by whom it was last.</summary>
    private static string[]? FindChain(JsonWebToken token) =>
        token.TryGetPayloadValue<string>(AuthServiceBearer.ExtendedByClaim, out _)
        && token.TryGetPayloadValue<string[]>(AuthServiceBearer.ExtendedByChainClaim, out var chain) && chain is { Length: > 0 } ? chain : null;
}

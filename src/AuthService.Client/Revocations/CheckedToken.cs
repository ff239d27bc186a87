using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Client.Revocations;

/// <summary>The parts of a valid token that a revocation can name.</summary>
/// <param name="Text">The whole token.</param>
/// <param name="Subject">Its <c>sub</c>.</param>
/// <param name="IssuedAt">Its <c>iat</c>, in seconds since 1970; 0 without one.</param>
/// <param name="HasSession">Whether it has a <c>sid</c>.</param>
/// <param name="SessionId">Its <c>sid</c>.</param>
/// <param name="SecurityStamp">The principal's security stamp, in tokens without a session.</param>
/// <param name="ApiKeyId">The API key that it was issued for.</param>
/// <param name="ExtendedByChain">The services that narrowed it; null if none did.</param>
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

    /// <summary>Whether the token can be revoked by itself. Other tokens are revoked with their session.</summary>
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

    /// <summary>Reads the chain only if <c>extendedBy</c> is there, because every token has a chain and most are empty.</summary>
    private static string[]? FindChain(JsonWebToken token) =>
        token.TryGetPayloadValue<string>(AuthServiceBearer.ExtendedByClaim, out _)
        && token.TryGetPayloadValue<string[]>(AuthServiceBearer.ExtendedByChainClaim, out var chain) && chain is { Length: > 0 } ? chain : null;
}

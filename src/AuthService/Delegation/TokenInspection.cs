using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.Delegation;

/// <summary>What a token that is good for something stands for.</summary>
internal abstract record TokenStanding
{
    private TokenStanding()
    {
    }

    internal sealed record OfAccess(VerifiedToken Verified) : TokenStanding;

    internal sealed record OfSession(OwnedSession Owned) : TokenStanding;

    /// <summary>The standing credential of a service or provider.</summary>
    internal sealed record OfPrincipal(Principal Principal) : TokenStanding;
}

/// <summary>Looks into tokens without using them (RFC 7662). Null for one that is good for nothing, whatever the reason.</summary>
internal sealed class TokenInspection(
    AccessTokenVerifier verifier, SessionStore sessions, PrincipalStore principals, ClaimStore claims, TimeProvider clock)
{
    public async Task<TokenStanding?> InspectAsync(RefreshToken token)
    {
        var hash = token.Hash();
        if (await sessions.FindByRefreshTokenAsync(hash) is { } owned)
            return SessionRules.IsUsable(owned, clock.GetUtcNow()) ? new TokenStanding.OfSession(owned) : null;
        return await principals.FindByRefreshTokenAsync(hash) is { State: PrincipalState.Enabled } principal ? new TokenStanding.OfPrincipal(principal) : null;
    }

    /// <summary>A one-time token is good for nothing once it was claimed.</summary>
    public async Task<TokenStanding?> InspectAsync(string accessToken) =>
        await verifier.VerifyAsync(accessToken) is { } verified && (verified.Token.Jti is not { } jti || !await claims.IsClaimedAsync(jti))
            ? new TokenStanding.OfAccess(verified)
            : null;
}

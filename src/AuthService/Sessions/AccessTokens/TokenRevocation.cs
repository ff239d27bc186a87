using AuthService.Audit;
using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions.AccessTokens;

/// <summary>Revokes what a token belongs to (RFC 7009).</summary>
internal sealed class TokenRevocation(
    AccessTokenVerifier verifier, SessionRevocation revocation, RevokedTokenStore revoked, PrincipalStore principals, TimeProvider clock)
{
    /// <returns>False when it is the refresh token of a service, which is revoked when it is renewed; true also when it was never of use.</returns>
    public async Task<bool> TryRevokeAsync(RefreshToken token, EndReason reason, AuditActor by)
    {
        var hash = token.Hash();
        return await revocation.TryRevokeAsync(hash, reason, by)
            || await principals.FindByRefreshTokenAsync(hash, clock.GetUtcNow()) is not { State: PrincipalState.Enabled };
    }

    /// <summary>
    /// Revokes the session of an access token, a suspended one too. A token without a session is revoked alone, and so is an
    /// extended or one-time token: who gives back what they were given signs nobody out.
    /// </summary>
    public async Task RevokeAsync(string accessToken, EndReason reason, AuditActor by)
    {
        if (await verifier.FindAsync(accessToken) is not AccessTokenVerification.Verified(var found))
            return;
        if (found is { Session.Id: var id, IsDerived: false })
        {
            await revocation.TryRevokeAsync(id, reason, by);
            return;
        }

        var entry = by.CreateEntry(AuditEvents.TokenRevoked, clock.GetUtcNow(), found.Principal.Id, sessionId: found.Session?.Id, detail: found.Token.Jti);
        await revoked.TryAddAsync(TokenFingerprint.Of(accessToken), found.Token.Jti, DateTimeOffset.FromUnixTimeSeconds(found.Token.ExpiresAt), entry);
    }
}

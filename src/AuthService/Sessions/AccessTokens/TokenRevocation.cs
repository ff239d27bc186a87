using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.Revoking;
using AuthService.Tokens;

namespace AuthService.Sessions.AccessTokens;

/// <summary>Revokes the session or the single token that a token stands for (RFC 7009).</summary>
internal sealed class TokenRevocation(
    AccessTokenVerifier verifier, SessionRevocation revocation, RevokedTokenStore revoked, PrincipalStore principals, TimeProvider clock)
{
    /// <returns>
    /// False when it is the refresh token of a service or provider, which is revoked only by renewing it. True also when the token is unknown.
    /// </returns>
    public async Task<bool> TryRevokeAsync(RefreshToken token, EndReason reason, AuditActor by)
    {
        var hash = token.Hash();
        return await revocation.TryRevokeAsync(hash, reason, by)
            || await principals.FindByRefreshTokenAsync(hash, clock.GetUtcNow()) is not { State: PrincipalState.Enabled };
    }

    /// <summary>
    /// Revokes the session of an access token, even when it is suspended. A token without a session, an extended token or a one-time token is revoked alone: a
    /// service that gives back its token must not sign out the person.
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

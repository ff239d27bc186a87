using AuthService.Audit;
using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>Ends what a token belongs to (RFC 7009).</summary>
internal sealed class TokenRevocation(
    AccessTokenVerifier verifier, SessionEndings endings, RevokedTokenStore revoked, PrincipalStore principals, TimeProvider clock)
{
    /// <returns>False when it is the standing credential of a service, which ends when it is renewed; true also when it was never of use.</returns>
    public async Task<bool> TryRevokeAsync(RefreshToken token, Deed deed)
    {
        var hash = token.Hash();
        return await endings.TryRevokeAsync(hash, deed) || await principals.FindByRefreshTokenAsync(hash) is not { State: PrincipalState.Enabled };
    }

    /// <summary>Ends the session of an access token, a suspended one too, or the token itself when it has none.</summary>
    public async Task RevokeAsync(string accessToken, Deed deed)
    {
        if (await verifier.FindAsync(accessToken) is not { } found)
            return;
        if (found.Session is { Id: var id })
        {
            await endings.TryEndAsync(id, deed);
            return;
        }

        var record = deed.Record(AuditEvents.TokenRevoked, clock.GetUtcNow(), found.Principal.Id, detail: found.Token.Jti);
        await revoked.TryAddAsync(TokenFingerprint.Of(accessToken), DateTimeOffset.FromUnixTimeSeconds(found.Token.ExpiresAt), record);
    }
}

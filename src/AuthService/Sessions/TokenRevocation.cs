using AuthService.Audit;
using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

internal abstract record RevocationOutcome
{
    private RevocationOutcome()
    {
    }

    /// <summary>The token is of no use any more, or never was.</summary>
    internal sealed record Revoked : RevocationOutcome;

    /// <summary>It is a service's standing credential, which ends when it is renewed.</summary>
    internal sealed record StandingCredential : RevocationOutcome;
}

/// <summary>Ends what a token belongs to (RFC 7009).</summary>
internal sealed class TokenRevocation(
    AccessTokenVerifier verifier, SessionEndings endings, RevokedTokenStore revoked, PrincipalStore principals, TimeProvider clock)
{
    public async Task<RevocationOutcome> RevokeAsync(RefreshToken token, Deed deed)
    {
        var hash = token.Hash();
        return !await endings.TryRevokeAsync(hash, deed) && await principals.FindByRefreshTokenAsync(hash) is { State: PrincipalState.Enabled }
            ? new RevocationOutcome.StandingCredential()
            : new RevocationOutcome.Revoked();
    }

    /// <summary>Ends the session of an access token, a suspended one too, or the token itself when it has none.</summary>
    public async Task<RevocationOutcome> RevokeAsync(string accessToken, Deed deed)
    {
        switch (await verifier.FindAsync(accessToken))
        {
            case { Owned: { } owned }:
                await endings.TryEndAsync(owned.Session.Id, deed);
                break;
            case { Token: var token, Principal: var principal }:
                var record = deed.Record(AuditEvents.TokenRevoked, clock.GetUtcNow(), principal.Id, detail: token.Jti);
                await revoked.TryAddAsync(TokenFingerprint.Of(accessToken), DateTimeOffset.FromUnixTimeSeconds(token.ExpiresAt), record);
                break;
        }

        return new RevocationOutcome.Revoked();
    }
}

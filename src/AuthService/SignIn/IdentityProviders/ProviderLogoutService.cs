using AuthService.Audit;
using AuthService.Sessions.Revoking;
using AuthService.SignIn.SecondFactors;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Revokes the sessions of people who have signed out at their identity provider (OpenID Connect Back-Channel Logout 1.0).</summary>
internal sealed class ProviderLogoutService(
    LogoutTokenVerifier tokens, SignInChallengeStore challenges, SessionRevocation revocation, ProviderReports reports)
{
    /// <summary>Added to the time a used token is kept, in case the clock of another instance is behind that of the one that cleans up.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <param name="provider">The provider of the address that received the token.</param>
    /// <param name="text">The token.</param>
    /// <param name="by">The audit actor.</param>
    /// <returns>False when the token is not valid. Only the revocation receipt in the response tells whether a session was revoked.</returns>
    public async Task<bool> TrySignOutAsync(IdentityProvider provider, string text, AuditActor by)
    {
        try
        {
            var token = await tokens.VerifyAsync(provider, text);
            return await revocation.TrySignOutAsync(token.SignOut, () => TryUseAsync(token), by)
                ? true
                : throw new ProviderException("the logout token was used before");
        }
        catch (ProviderException error)
        {
            reports.NoteFault(provider, error);
            return false;
        }
    }

    private Task<bool> TryUseAsync(LogoutToken token) =>
        challenges.TryKeepUsedAsync(token.Hash, ChallengeKind.UsedLogoutToken, token.ExpiresAt + ProviderProtocol.MostSkew + Margin);
}

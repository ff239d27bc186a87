using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>An access token that holds at this moment, with those who stand behind it.</summary>
internal sealed record VerifiedToken(AccessToken Token, Principal Principal, Session? Session)
{
    /// <summary>
    /// True when the token may act in one of these roles: a token that a service narrowed never is an administrator's,
    /// whoever it was made from.
    /// </summary>
    public bool MayActAs(params ReadOnlySpan<Role> roles) =>
        roles.Contains(Principal.Role)
        && Token.ExtendedByChain.Length == 0
        && ScopeSet.TryParse(Token.Scopes, out var scopes) && scopes.Covers(Scope.AllWrite);
}

/// <summary>Checks an access token against its signature and then against the store, so that what is revoked is refused at once.</summary>
internal sealed class AccessTokenVerifier(AccessTokenReader reader, SessionStore sessions, PrincipalStore principals, TimeProvider clock)
{
    /// <returns>Null when the token does not hold. A one-time token may come back: whoever asks decides about its <c>jti</c>.</returns>
    public async Task<VerifiedToken?> VerifyAsync(string text)
    {
        if (await reader.ReadAsync(text) is not { } token)
            return null;
        return token.SessionId is { } id ? await VerifySessionAsync(token, id) : await VerifyPrincipalAsync(token);
    }

    private async Task<VerifiedToken?> VerifySessionAsync(AccessToken token, Guid id) =>
        await sessions.FindByIdAsync(id) is var (session, principal)
        && principal.Id == token.Subject
        && SessionRules.FindRefusal(session, principal, clock.GetUtcNow()) is null
            ? new VerifiedToken(token, principal, session)
            : null;

    private async Task<VerifiedToken?> VerifyPrincipalAsync(AccessToken token) =>
        await principals.FindByIdAsync(token.Subject) is { State: PrincipalState.Enabled } principal
        && principal.SecurityStamp == token.SecurityStamp
            ? new VerifiedToken(token, principal, Session: null)
            : null;
}

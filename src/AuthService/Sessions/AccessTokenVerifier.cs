using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>An access token that holds at this moment, with those who stand behind it.</summary>
/// <param name="Token">What the token says.</param>
/// <param name="Principal">Whom it speaks for.</param>
/// <param name="Owned">The session it belongs to; null for a service's standing credential.</param>
internal sealed record VerifiedToken(AccessToken Token, Principal Principal, OwnedSession? Owned)
{
    public Session? Session => Owned?.Session;

    /// <summary>The administrator who impersonates the principal.</summary>
    public Principal? Actor => Owned?.Actor;

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
internal sealed class AccessTokenVerifier(AccessTokenReader reader, SessionStore sessions, TimeProvider clock)
{
    /// <returns>Null when the token does not hold. A one-time token may come back: whoever asks decides about its <c>jti</c>.</returns>
    public async Task<VerifiedToken?> VerifyAsync(string text) =>
        await FindAsync(text) is { } found && (found.Owned is null || SessionRules.IsUsable(found.Owned, clock.GetUtcNow())) ? found : null;

    /// <summary>For those who end what a token belongs to: the same, whatever the state of its session is.</summary>
    public async Task<VerifiedToken?> FindAsync(string text)
    {
        if (await reader.ReadAsync(text) is not { } token)
            return null;
        return token.SessionId is { } id ? await FindSessionAsync(token, id) : await FindPrincipalAsync(token, text);
    }

    private async Task<VerifiedToken?> FindSessionAsync(AccessToken token, Guid id) =>
        await sessions.FindByIdAsync(id) is { } owned
        && owned.Principal.Id == token.Subject
        && owned.Actor?.Id == token.Actor?.Subject
            ? new VerifiedToken(token, owned.Principal, owned)
            : null;

    private async Task<VerifiedToken?> FindPrincipalAsync(AccessToken token, string text) =>
        await sessions.FindPrincipalAsync(token.Subject, TokenFingerprint.Of(text)) is { State: PrincipalState.Enabled } principal
        && principal.SecurityStamp == token.SecurityStamp
            ? new VerifiedToken(token, principal, Owned: null)
            : null;
}

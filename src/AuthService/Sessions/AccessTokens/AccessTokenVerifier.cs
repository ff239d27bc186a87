using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.Rules;
using AuthService.Tokens;

namespace AuthService.Sessions.AccessTokens;

/// <summary>An access token that is valid at this moment, with its principal and session.</summary>
/// <param name="Token">The claims of the token.</param>
/// <param name="Principal">The principal of the token.</param>
/// <param name="Owned">The session to which it belongs; null for a token that a service or provider got without a session.</param>
internal sealed record VerifiedToken(AccessToken Token, Principal Principal, SessionWithPrincipals? Owned)
{
    public Session? Session => Owned?.Session;

    /// <summary>
    /// Whether it was made from another token of its session, as a one-time token or by a service that extended it. Revoking it does not revoke the session.
    /// The usual tokens of a delegated session have the same chain as that session and are not derived.
    /// </summary>
    public bool IsDerived => Token.Jti is not null || Token.ExtendedByChain.Length > (Session?.ExtendedByChain?.Length ?? 0);

    /// <summary>The administrator who impersonates the principal; null when nobody does.</summary>
    public Principal? Actor => Owned?.Actor;

    /// <summary>
    /// The time at which everything made from this token expires at the latest: the end of its session. Without a session, or while an administrator
    /// impersonates, it is the end of the token itself, because an impersonation can end before the session does.
    /// </summary>
    public DateTimeOffset EndOfDerived =>
        Session is { } session && Actor is null ? session.ExpireAt : DateTimeOffset.FromUnixTimeSeconds(Token.ExpiresAt);

    /// <summary>Returns whether the person must show a second factor and has not done so in this session.</summary>
    public bool OwesSecondFactor(TwoFactorOptions options) => Session is { } session
        ? options.IsOwedBy(Principal, session.AuthenticationMethods)
        : Token.TwoFactorAuthentication is false;

    /// <summary>
    /// Returns whether the token may act in one of these roles. A token that a service extended never has the rights of an administrator, even when its
    /// principal is one.
    /// </summary>
    public bool MayActAs(params ReadOnlySpan<Role> roles) =>
        roles.Contains(Principal.Role)
        && Token.ExtendedByChain.Length == 0
        && ScopeSet.TryParse(Token.Scopes, out var scopes) && scopes.Covers(Scope.AllWrite);
}

/// <summary>The result of checking an access token.</summary>
internal abstract record AccessTokenVerification
{
    private AccessTokenVerification()
    {
    }

    internal sealed record Verified(VerifiedToken Token) : AccessTokenVerification;

    internal sealed record Refused(RefusalReason Reason) : AccessTokenVerification;
}

/// <summary>Checks an access token's signature and then the store, so that a revoked token is refused at once.</summary>
internal sealed class AccessTokenVerifier(
    AccessTokenReader reader, SessionStore sessions, RevokedTokenStore revoked, TimeProvider clock, RefusalNotes refusals)
{
    /// <summary>Verifies the token. A one-time token is accepted too: the caller checks its <c>jti</c>.</summary>
    public async Task<AccessTokenVerification> VerifyAsync(string text)
    {
        var found = await FindAsync(text);
        if (found is not AccessTokenVerification.Verified(var verified))
            return found;
        if (verified.Owned is { } owned && SessionRules.FindRefusal(owned, clock.GetUtcNow()) is { } reason)
            return Refuse(SessionRefusals.Of(reason, owned));
        return verified.Token.ExtendedByChain is { Length: > 0 } chain && await sessions.FindRevokedExtenderAsync(chain) is { } extender
            ? Refuse(SessionRefusals.OfExtender(extender, verified.Principal, verified.Session))
            : found;
    }

    /// <summary>
    /// Verifies the token without checking the state of its session or of the services that extended it, for callers that revoke what it belongs to.
    /// </summary>
    public async Task<AccessTokenVerification> FindAsync(string text)
    {
        if (await reader.ReadAsync(text) is not { } token)
            return Refuse(new RefusalNote(RefusalReason.InvalidToken));
        if (token.SessionId is not { } id)
            return await VerifyOfPrincipalAsync(token, text);
        if (await sessions.FindByIdAsync(id) is not { } owned)
            return Refuse(NoteOf(RefusalReason.UnknownSession, token));
        if (owned.Principal.Id != token.Subject || owned.Actor?.Id != token.Actor?.Subject || IsFromBefore(token, owned.Session))
            return Refuse(NoteOf(RefusalReason.IdentityChanged, token));
        var found = new VerifiedToken(token, owned.Principal, owned);
        // Only derived tokens are revoked one by one, so the look-up is skipped for all others.
        return found.IsDerived && await revoked.ContainsAsync(TokenFingerprint.Of(text))
            ? Refuse(NoteOf(RefusalReason.TokenRevoked, token))
            : new AccessTokenVerification.Verified(found);
    }

    private async Task<AccessTokenVerification> VerifyOfPrincipalAsync(AccessToken token, string text)
    {
        if (await revoked.FindPrincipalAsync(new TokenKey(token.Subject, TokenFingerprint.Of(text), token.ApiKeyId)) is not var (principal, key))
            return Refuse(NoteOf(RefusalReason.TokenRevoked, token)); // rows of principals are never removed, so the token was revoked
        if (SessionRules.FindRefusal(principal, token.SecurityStamp) is { } reason)
            return Refuse(SessionRefusals.Of(reason, principal, token.SecurityStamp));
        return token.ApiKeyId is { } id && key?.HoldsAt(clock.GetUtcNow()) is not true
            ? Refuse(NoteOf(RefusalReason.ApiKeyRevoked, token) with { Facts = [RefusalFact.Of("apiKey", id)] })
            : new AccessTokenVerification.Verified(new VerifiedToken(token, principal, Owned: null));
    }

    /// <summary>
    /// Returns whether the token was issued before the principal of its session last changed. Tokens contain whole seconds, and the clocks of instances may
    /// differ by two seconds. A token issued that shortly before the change is accepted, because new tokens might otherwise be refused.
    /// </summary>
    private static bool IsFromBefore(AccessToken token, Session session) => token.IssuedAt < session.IdentitySince?.AddSeconds(-2).ToUnixTimeSeconds();

    private static RefusalNote NoteOf(RefusalReason reason, AccessToken token) => new(reason) { Principal = token.Subject, SessionId = token.SessionId };

    private AccessTokenVerification.Refused Refuse(RefusalNote note)
    {
        refusals.Add(note);
        return new AccessTokenVerification.Refused(note.Reason);
    }
}

using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Tokens;

namespace AuthService.Sessions.AccessTokens;

/// <summary>An access token that holds at this moment, with those who stand behind it.</summary>
/// <param name="Token">What the token says.</param>
/// <param name="Principal">Whom it speaks for.</param>
/// <param name="Owned">The session it belongs to; null for the refresh token of a service.</param>
internal sealed record VerifiedToken(AccessToken Token, Principal Principal, SessionWithPrincipals? Owned)
{
    public Session? Session => Owned?.Session;

    /// <summary>
    /// True when it was made from another token of its session, for one use or for a service that narrowed it: to revoke it
    /// is not to revoke the session. The tokens of a delegated session are narrowed as that session is.
    /// </summary>
    public bool IsDerived => Token.Jti is not null || Token.ExtendedByChain.Length > (Session?.ExtendedByChain?.Length ?? 0);

    /// <summary>The administrator who impersonates the principal.</summary>
    public Principal? Actor => Owned?.Actor;

    /// <summary>
    /// When what is made from this token ends at the latest: with its session; with itself where it has none, and while an administrator
    /// impersonates, as an impersonation can end before the session does.
    /// </summary>
    public DateTimeOffset EndOfDerived =>
        Session is { } session && Actor is null ? session.ExpireAt : DateTimeOffset.FromUnixTimeSeconds(Token.ExpiresAt);

    /// <summary>True for a person of whom a second factor is demanded and who has not shown one in this session.</summary>
    public bool OwesSecondFactor(TwoFactorOptions options) => Session is { } session
        ? options.IsOwedBy(Principal, session.AuthenticationMethods)
        : Token.TwoFactorAuthentication is false;

    /// <summary>
    /// True when the token may act in one of these roles: a token that a service narrowed never is an administrator's,
    /// whoever it was made from.
    /// </summary>
    public bool MayActAs(params ReadOnlySpan<Role> roles) =>
        roles.Contains(Principal.Role)
        && Token.ExtendedByChain.Length == 0
        && ScopeSet.TryParse(Token.Scopes, out var scopes) && scopes.Covers(Scope.AllWrite);
}

/// <summary>What the check of an access token showed.</summary>
internal abstract record AccessTokenVerification
{
    private AccessTokenVerification()
    {
    }

    internal sealed record Verified(VerifiedToken Token) : AccessTokenVerification;

    internal sealed record Refused(RefusalReason Reason) : AccessTokenVerification;
}

/// <summary>Checks an access token against its signature and then against the store, so that what is revoked is refused at once.</summary>
internal sealed class AccessTokenVerifier(
    AccessTokenReader reader, SessionStore sessions, RevokedTokenStore revoked, TimeProvider clock, RefusalNotes refusals)
{
    /// <summary>A one-time token may pass: whoever asks decides about its <c>jti</c>.</summary>
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

    /// <summary>For those who revoke what a token belongs to: the same, whatever the state of its session is.</summary>
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
        // Only derived tokens are revoked one by one; all others are spared the look-up.
        return found.IsDerived && await revoked.ContainsAsync(TokenFingerprint.Of(text))
            ? Refuse(NoteOf(RefusalReason.TokenRevoked, token))
            : new AccessTokenVerification.Verified(found);
    }

    private async Task<AccessTokenVerification> VerifyOfPrincipalAsync(AccessToken token, string text)
    {
        if (await revoked.FindPrincipalAsync(new TokenKey(token.Subject, TokenFingerprint.Of(text), token.ApiKeyId)) is not var (principal, key))
            return Refuse(NoteOf(RefusalReason.TokenRevoked, token)); // a principal is never removed, so the token was
        if (SessionRules.FindRefusal(principal, token.SecurityStamp) is { } reason)
            return Refuse(SessionRefusals.Of(reason, principal, token.SecurityStamp));
        return token.ApiKeyId is { } id && key?.HoldsAt(clock.GetUtcNow()) is not true
            ? Refuse(NoteOf(RefusalReason.ApiKeyRevoked, token) with { Facts = [RefusalFact.Of("apiKey", id)] })
            : new AccessTokenVerification.Verified(new VerifiedToken(token, principal, Owned: null));
    }

    /// <summary>
    /// Whether the session has been somebody else's since. Tokens tell whole seconds, and clocks of instances may differ by two: what was issued so shortly
    /// before passes, or new tokens might not.
    /// </summary>
    private static bool IsFromBefore(AccessToken token, Session session) => token.IssuedAt < session.IdentitySince?.AddSeconds(-2).ToUnixTimeSeconds();

    private static RefusalNote NoteOf(RefusalReason reason, AccessToken token) => new(reason) { Principal = token.Subject, SessionId = token.SessionId };

    private AccessTokenVerification.Refused Refuse(RefusalNote note)
    {
        refusals.Add(note);
        return new AccessTokenVerification.Refused(note.Reason);
    }
}

using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.Revoking;
using AuthService.Sessions.Rules;
using AuthService.Tokens;

namespace AuthService.Sessions.Refresh;

/// <summary>The result of checking a refresh token.</summary>
internal abstract record RefreshTokenVerification
{
    private RefreshTokenVerification()
    {
    }

    /// <param name="Owned">A session that may be used.</param>
    /// <param name="At">The time of the check.</param>
    internal sealed record OfSession(SessionWithPrincipals Owned, DateTimeOffset At) : RefreshTokenVerification;

    /// <summary>The refresh token of a service or provider, which has no session.</summary>
    internal sealed record OfPrincipal(Principal Principal) : RefreshTokenVerification;

    internal sealed record Refused(RefusalReason Reason) : RefreshTokenVerification
    {
        /// <summary>Why the session of the token ended; null when that is unknown or it did not end.</summary>
        public EndReason? Ended { get; init; }
    }
}

/// <summary>Checks a refresh token against the store without using it.</summary>
internal sealed class RefreshTokenVerifier(
    SessionStore sessions, UnknownRefreshTokens unknown, PrincipalStore principals, TimeProvider clock, RefusalNotes refusals)
{
    /// <param name="token">The refresh token of a session, a service or a provider.</param>
    /// <param name="mode">How the token was sent; null when that does not matter.</param>
    public async Task<RefreshTokenVerification> VerifyAsync(RefreshToken token, SessionMode? mode = null)
    {
        var now = clock.GetUtcNow();
        var hash = token.Hash();
        if (await sessions.FindByRefreshTokenAsync(hash) is not { } owned)
            return mode is SessionMode.Web ? await RefuseUnknownAsync(hash, now) : await VerifyOfPrincipalAsync(hash, now);
        if (mode is not null && owned.Session.Mode != mode)
            return Refuse(SessionRefusals.Of(RefusalReason.WrongMode, owned));
        if (SessionRules.FindRefusal(owned, now) is { } reason)
            return Refuse(SessionRefusals.Of(reason, owned), EndReasons.Find(reason, owned.Session));
        return owned.Session.ExtendedByChain is { } chain && await sessions.FindRevokedExtenderAsync(chain) is { } extender
            ? Refuse(SessionRefusals.OfExtender(extender, owned.Principal, owned.Session), EndReason.AccountChanged)
            : new RefreshTokenVerification.OfSession(owned, now);
    }

    private async Task<RefreshTokenVerification> VerifyOfPrincipalAsync(byte[] hash, DateTimeOffset now)
    {
        if (await principals.FindByRefreshTokenAsync(hash, now) is not { } principal)
            return await RefuseUnknownAsync(hash, now);
        return SessionRules.FindRefusal(principal) is { } reason
            ? Refuse(SessionRefusals.Of(reason, principal))
            : new RefreshTokenVerification.OfPrincipal(principal);
    }

    private async Task<RefreshTokenVerification> RefuseUnknownAsync(byte[] hash, DateTimeOffset now) =>
        await unknown.NoteAsync(hash, now) is { } reason
            ? new RefreshTokenVerification.Refused(RefusalReason.SessionEnded) { Ended = reason }
            : new RefreshTokenVerification.Refused(RefusalReason.UnknownToken);

    private RefreshTokenVerification.Refused Refuse(RefusalNote note, EndReason? ended = null)
    {
        refusals.Add(note);
        return new RefreshTokenVerification.Refused(note.Reason) { Ended = ended };
    }
}

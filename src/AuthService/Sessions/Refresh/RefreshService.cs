using System.Diagnostics;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.AccessTokens;
using AuthService.Sessions.Revoking;
using AuthService.Sessions.Rules;
using AuthService.Tokens;

namespace AuthService.Sessions.Refresh;

internal abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    internal sealed record Refreshed(IssuedToken Token) : RefreshOutcome;

    internal sealed record Refused(RefusalReason Reason) : RefreshOutcome
    {
        /// <summary>Why the session of the token ended; null when that is unknown or it did not end.</summary>
        public EndReason? Ended { get; init; }
    }
}

/// <summary>Issues access tokens for refresh tokens of sessions, and of services and providers, which have no session.</summary>
internal sealed class RefreshService(
    RefreshTokenVerifier verifier, SessionStore sessions, AccessTokenIssuer issuer, SessionMetrics metrics, RefusalNotes refusals)
{
    /// <param name="token">The refresh token. Its holder is the session's client.</param>
    /// <param name="mode">How the token was sent: only a session of this mode accepts it.</param>
    /// <param name="request">The further wishes of a client of the token endpoint.</param>
    public async Task<RefreshOutcome> RefreshAsync(RefreshToken token, SessionMode mode, ClientRequest? request = null)
    {
        RefreshOutcome? outcome;
        do
        {
            outcome = await verifier.VerifyAsync(token, mode) switch
            {
                RefreshTokenVerification.OfSession verified => await RefreshSessionAsync(verified, request ?? ClientRequest.None),
                RefreshTokenVerification.OfPrincipal(var principal) => IssueFor(principal, request ?? ClientRequest.None),
                RefreshTokenVerification.Refused(var reason) { Ended: var ended } => new RefreshOutcome.Refused(reason) { Ended = ended },
                var other => throw new UnreachableException($"{other}"),
            };
        }
        while (outcome is null);
        metrics.Refreshed(outcome is RefreshOutcome.Refreshed);
        return outcome;
    }

    /// <summary>Issues an access token to a service or provider, which has no session.</summary>
    public RefreshOutcome IssueFor(Principal principal, ClientRequest request) => issuer.TryIssueFor(principal, request) is { } issued
        ? new RefreshOutcome.Refreshed(issued)
        : Refuse(new RefusalNote(RefusalReason.ScopeNotCovered) { Principal = principal.Id, Facts = request.ToFacts() });

    /// <returns>Null when the session has changed since it was found.</returns>
    private async Task<RefreshOutcome?> RefreshSessionAsync(RefreshTokenVerification.OfSession verified, ClientRequest request)
    {
        var (owned, now) = verified;
        if (request.Narrow(owned.Session.Scopes) is not { } scopes)
            return Refuse(SessionRefusals.Of(RefusalReason.ScopeNotCovered, owned, request.ToFacts()));
        if (SessionRules.IsTouchDue(owned.Session, now) && !await sessions.TryTouchAsync(owned.Session, now))
            return null;
        return new RefreshOutcome.Refreshed(issuer.IssueFor(owned, scopes, request.ClientId));
    }

    private RefreshOutcome.Refused Refuse(RefusalNote note)
    {
        refusals.Add(note);
        return new RefreshOutcome.Refused(note.Reason);
    }
}

using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions.AccessTokens;
using AuthService.Tokens;

namespace AuthService.Sessions;

internal abstract record RefreshOutcome
{
    private RefreshOutcome()
    {
    }

    internal sealed record Refreshed(IssuedToken Token) : RefreshOutcome;

    internal sealed record Refused(RefusalReason Reason) : RefreshOutcome
    {
        /// <summary>Why the session ended that the token is of; null when there is nothing to tell.</summary>
        public EndReason? Ended { get; init; }
    }
}

/// <summary>New access tokens for refresh tokens: of sessions, and of services and providers, which have no session.</summary>
internal sealed class RefreshService(
    RefreshTokenVerifier verifier, SessionStore sessions, AccessTokenIssuer issuer, SessionMetrics metrics, RefusalNotes refusals)
{
    /// <param name="token">Whoever holds it is its session's client.</param>
    /// <param name="mode">How it was sent.</param>
    /// <param name="request">What a client of the token endpoint asks for beyond that.</param>
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
                var other => throw new InvalidOperationException($"{other} is no verification"),
            };
        }
        while (outcome is null);
        metrics.Refreshed(outcome is RefreshOutcome.Refreshed);
        return outcome;
    }

    /// <summary>For a service or provider, which has no session.</summary>
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

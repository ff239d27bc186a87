using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>A session with its principals, as they are now.</summary>
/// <param name="Session">The session.</param>
/// <param name="Principal">Whom it acts as.</param>
/// <param name="Actor">The administrator who impersonates that principal in it; null as a rule.</param>
internal sealed record SessionWithPrincipals(Session Session, Principal Principal, Principal? Actor)
{
    /// <summary>
    /// Who acts as the principal (RFC 8693, section 4.1): the administrator, and below them the service that began it in their name, which
    /// has no say in what the token allows.
    /// </summary>
    public ActorClaim? CreateActorClaim() => Actor is null
        ? null
        : new ActorClaim(Actor.Id, Session.ActorService is { } service ? new ActorClaim(service) : null);
}

/// <summary>A session with the products that it is enabled for.</summary>
internal sealed record SessionDetails(SessionWithPrincipals Owned, IReadOnlyList<string> Products);

/// <summary>A session that has just been made, with the secret that is shown once.</summary>
internal sealed record StartedSession(Session Session, RefreshToken RefreshToken, string AccessToken);

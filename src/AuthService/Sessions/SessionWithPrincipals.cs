using AuthService.Principals;
using AuthService.Tokens;

namespace AuthService.Sessions;

/// <summary>A session with its principals, as they are now.</summary>
/// <param name="Session">The session.</param>
/// <param name="Principal">The principal for which the session acts.</param>
/// <param name="Actor">The administrator who impersonates that principal in it; null when nobody does.</param>
internal sealed record SessionWithPrincipals(Session Session, Principal Principal, Principal? Actor)
{
    /// <summary>
    /// Creates the claim of who acts as the principal (RFC 8693, section 4.1): the administrator, and nested in it the service that began the impersonation on
    /// the administrator's behalf. The service does not affect what the token allows.
    /// </summary>
    public ActorClaim? CreateActorClaim() => Actor is null
        ? null
        : new ActorClaim(Actor.Id, Session.ActorService is { } service ? new ActorClaim(service) : null);
}

/// <summary>A session with the products that it is enabled for.</summary>
internal sealed record SessionDetails(SessionWithPrincipals Owned, IReadOnlyList<string> Products);

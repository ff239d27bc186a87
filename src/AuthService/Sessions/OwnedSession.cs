using AuthService.Principals;

namespace AuthService.Sessions;

/// <summary>A session with those who stand behind it, as they are now.</summary>
/// <param name="Session">The session.</param>
/// <param name="Principal">Whom it acts as.</param>
/// <param name="Actor">The administrator who impersonates that principal in it; null as a rule.</param>
internal sealed record OwnedSession(Session Session, Principal Principal, Principal? Actor);

/// <summary>A session as the Sessions API shows it.</summary>
/// <param name="Owned">The session with those who stand behind it.</param>
/// <param name="HasAccess">Whether it is enabled for the product that was asked about.</param>
internal sealed record SessionView(OwnedSession Owned, bool HasAccess);

/// <summary>A session that has just been made, with the secret that is shown once.</summary>
internal sealed record StartedSession(Session Session, Tokens.RefreshToken RefreshToken, string AccessToken);

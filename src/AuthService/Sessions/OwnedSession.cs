using AuthService.Principals;

namespace AuthService.Sessions;

/// <summary>A session with the principal as it is now.</summary>
internal sealed record OwnedSession(Session Session, Principal Principal);

/// <summary>A session that has just been made, with the secret that is shown once.</summary>
internal sealed record StartedSession(Session Session, Tokens.RefreshToken RefreshToken, string AccessToken);

/// <summary>One page of a principal's sessions, newest first.</summary>
internal sealed record SessionPage(int ItemsInTotal, IReadOnlyList<Session> Items);

namespace AuthService.Sessions;

/// <summary>How a session is refreshed. Stored as a number, so the order must not change.</summary>
internal enum SessionMode
{
    /// <summary>Only by the refresh cookie and a CSRF token.</summary>
    Web = 0,

    /// <summary>Only by the refresh token as a bearer token.</summary>
    Application = 1,
}

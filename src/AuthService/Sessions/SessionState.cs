namespace AuthService.Sessions;

/// <summary>The state of a session. Stored as a number, so the order must not change.</summary>
internal enum SessionState
{
    /// <summary>The session was created and cannot be used before it is enabled.</summary>
    New = 0,
    Enabled = 1,

    /// <summary>The session was idle for longer than its idle timeout; it may be enabled again.</summary>
    Suspended = 2,
    Expired = 3,

    /// <summary>The session was revoked, or is no longer valid because its principal or its impersonating administrator was changed.</summary>
    Deleted = 4,
}

/// <summary>Converts session states to the names that the APIs use.</summary>
internal static class SessionWireNames
{
    public static string ToWire(this SessionState state) => state switch
    {
        SessionState.New => "NEW",
        SessionState.Enabled => "ENABLED",
        SessionState.Suspended => "SUSPENDED",
        SessionState.Expired => "EXPIRED",
        _ => "DELETED",
    };
}

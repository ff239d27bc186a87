namespace AuthService.Sessions;

/// <summary>How the states of a session are written outside.</summary>
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

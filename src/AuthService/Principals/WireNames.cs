namespace AuthService.Principals;

/// <summary>How types, roles and states are written outside; each word stands here once.</summary>
internal static class WireNames
{
    public static string ToWire(this PrincipalType type) => type switch
    {
        PrincipalType.Person => "PERSON",
        PrincipalType.Service => "SERVICE",
        _ => "PROVIDER",
    };

    /// <summary>The claim <c>principalType</c>: how the principal signs in.</summary>
    public static string ToClaim(this PrincipalType type) => type switch
    {
        PrincipalType.Person => "password",
        PrincipalType.Service => "service",
        _ => "provider",
    };

    public static string ToWire(this Role role) => role switch
    {
        Role.User => "USER",
        Role.Admin => "ADMIN",
        Role.Service => "SERVICE",
        _ => "PROVIDER",
    };

    public static string ToWire(this PrincipalState state) => state switch
    {
        PrincipalState.Enabled => "ENABLED",
        PrincipalState.Disabled => "DISABLED",
        _ => "DELETED",
    };

    public static bool TryParse(string? text, out PrincipalType type) => TryFind(text, out type, ToWire);

    public static bool TryParse(string? text, out Role role) => TryFind(text, out role, ToWire);

    public static bool TryParse(string? text, out PrincipalState state) => TryFind(text, out state, ToWire);

    private static bool TryFind<T>(string? text, out T value, Func<T, string> toWire)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (toWire(candidate) == text)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}

namespace AuthService.Principals;

/// <summary>Converts types, roles, states and agreements to and from the words that the APIs use. Each word is written here once.</summary>
internal static class WireNames
{
    private const string Accepted = "ACCEPTED";
    private const string Requested = "REQUESTED";

    /// <summary>The words as a list for sentences: "PERSON, SERVICE or PROVIDER".</summary>
    public static readonly string Types = Choice(Enum.GetValues<PrincipalType>().Select(type => type.ToWire()));

    public static readonly string Roles = Choice(Enum.GetValues<Role>().Select(role => role.ToWire()));

    public static readonly string RolesOfPeople = Choice([Role.User.ToWire(), Role.Admin.ToWire()]);

    public static readonly string States = Choice(Enum.GetValues<PrincipalState>().Select(state => state.ToWire()));

    /// <summary>The states that a request can set. A principal is deleted by another request.</summary>
    public static readonly string StatesToSet = Choice([PrincipalState.Enabled.ToWire(), PrincipalState.Disabled.ToWire()]);

    public static readonly string Agreements = Choice([Accepted, Requested]);

    public static string ToWire(this PrincipalType type) => type switch
    {
        PrincipalType.Person => "PERSON",
        PrincipalType.Service => "SERVICE",
        _ => "PROVIDER",
    };

    /// <summary>Returns the claim <c>principalType</c>: how the principal signs in.</summary>
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

    public static string ToAgreement(bool accepted) => accepted ? Accepted : Requested;

    public static bool TryParseAgreement(string? text, out bool accepted)
    {
        accepted = text is Accepted;
        return text is Accepted or Requested;
    }

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

    private static string Choice(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}

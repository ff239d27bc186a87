namespace AuthService.Principals;

/// <summary>A member that a request may leave out, which is not the same as setting it to null.</summary>
internal readonly record struct Optional<T>(bool IsGiven, T? Value);

/// <summary>What an administrator changes about a principal; what is not given stays as it is.</summary>
internal sealed record PrincipalUpdate
{
    private const int MostServices = 100;

    public Role? Role { get; init; }

    public PrincipalState? State { get; init; }

    public ProfileChange Profile { get; init; } = ProfileChange.None;

    public bool? CanImpersonate { get; init; }

    public bool? AgreementAccepted { get; init; }

    public bool? PasswordResetRequested { get; init; }

    public Optional<IReadOnlyList<ServiceGrant>> Services { get; init; }

    /// <summary>Of a password that the policy has passed.</summary>
    public string? PasswordHash { get; init; }

    /// <returns>What is wrong with the values themselves, in words that name the field; null when nothing is.</returns>
    public string? FindFault()
    {
        if (Profile.FindFault() is { } fault)
            return fault;
        return Services.Value is { } services && (services.Count > MostServices || !services.All(IsPossible))
            ? $"services must be at most {MostServices} entries, each with a serviceName and, if wanted, maxConcurrentAccess from 0"
            : null;
    }

    public bool IsEmpty => Profile.Given.Count == 0 && this with { Profile = ProfileChange.None } == new PrincipalUpdate();

    /// <summary>For the audit row: what is set, with the values that decide rights.</summary>
    public string ToAuditText()
    {
        IEnumerable<string?> parts =
        [
            Role is { } role ? $"role={role.ToWire()}" : null,
            State is { } state ? $"state={state.ToWire()}" : null,
            CanImpersonate is { } can ? $"canImpersonate={can}" : null,
            .. Profile.Given.Select(entry => entry.Field.Name),
            AgreementAccepted is not null ? "agreement" : null,
            PasswordResetRequested is not null ? "passwordResetRequested" : null,
            Services.IsGiven ? "services" : null,
            PasswordHash is not null ? "password" : null,
        ];
        return string.Join(' ', parts.OfType<string>());
    }

    private static bool IsPossible(ServiceGrant grant) =>
        grant is { ServiceName: { Length: > 0 } name, MaxConcurrentAccess: null or >= 0 } && UnicodeText.IsLine(name);
}

namespace AuthService.Principals;

/// <summary>A field that a request may omit, which differs from setting it to null.</summary>
internal readonly record struct Optional<T>(bool IsGiven, T? Value);

/// <summary>The changes that an administrator makes to a principal; omitted fields stay unchanged.</summary>
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

    /// <summary>The hash of a password that has passed the policy.</summary>
    public string? PasswordHash { get; init; }

    /// <returns>The fault of the values themselves, with the name of the field; null when there is none.</returns>
    public string? FindFault()
    {
        if (Profile.FindFault() is { } fault)
            return fault;
        return Services.Value is { } services && (services.Count > MostServices || !services.All(IsPossible))
            ? $"services must be at most {MostServices} entries, each with a serviceName and, if wanted, maxConcurrentAccess from 0"
            : null;
    }

    public bool IsEmpty => Profile.Given.Count == 0 && this with { Profile = ProfileChange.None } == new PrincipalUpdate();

    /// <summary>Lists the changed fields for the audit log, with the values of those that affect rights.</summary>
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

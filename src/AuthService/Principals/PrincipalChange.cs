namespace AuthService.Principals;

/// <summary>A member that a request may leave out, which is not the same as setting it to null.</summary>
internal readonly record struct Optional<T>(bool IsGiven, T? Value);

/// <summary>What an administrator changes about a principal; what is not given stays as it is.</summary>
internal sealed record PrincipalChange
{
    public Role? Role { get; init; }

    public PrincipalState? State { get; init; }

    public Optional<string> FirstNames { get; init; }

    public Optional<string> LastName { get; init; }

    public Optional<string> Email { get; init; }

    public Optional<string> OrgId { get; init; }

    public Optional<string> Locale { get; init; }

    public bool? CanImpersonate { get; init; }

    public bool? AgreementAccepted { get; init; }

    public bool? PasswordResetRequested { get; init; }

    public Optional<IReadOnlyList<ServiceGrant>> Services { get; init; }

    /// <summary>For the audit row: what is set, with the values that decide rights.</summary>
    public string Describe()
    {
        string?[] parts =
        [
            Role is { } role ? $"role={role.ToWire()}" : null,
            State is { } state ? $"state={state.ToWire()}" : null,
            CanImpersonate is { } can ? $"canImpersonate={can}" : null,
            FirstNames.IsGiven ? "firstNames" : null,
            LastName.IsGiven ? "lastName" : null,
            Email.IsGiven ? "email" : null,
            OrgId.IsGiven ? "orgId" : null,
            Locale.IsGiven ? "locale" : null,
            AgreementAccepted is not null ? "agreement" : null,
            PasswordResetRequested is not null ? "passwordResetRequested" : null,
            Services.IsGiven ? "services" : null,
        ];
        return string.Join(' ', parts.OfType<string>());
    }
}

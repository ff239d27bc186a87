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

    /// <summary>Of a password that the policy has passed.</summary>
    public string? PasswordHash { get; init; }

    public bool IsEmpty => this == new PrincipalChange();

    /// <summary>What the principal is found by once this change is made.</summary>
    public string SearchText(string foldedId, Principal? before = null)
    {
        string?[] parts =
        [
            FirstNames.IsGiven ? FirstNames.Value : before?.FirstNames,
            LastName.IsGiven ? LastName.Value : before?.LastName,
            Email.IsGiven ? Email.Value : before?.Email,
        ];
        return PrincipalName.Fold(string.Join('\n', parts.Prepend(foldedId).OfType<string>()));
    }

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
            PasswordHash is not null ? "password" : null,
        ];
        return string.Join(' ', parts.OfType<string>());
    }
}

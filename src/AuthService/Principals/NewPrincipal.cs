using AuthService.Principals.Passwords;
using AuthService.Tokens;

namespace AuthService.Principals;

/// <summary>A principal to create, as requested by an administrator, a command, an import or an identity provider.</summary>
internal sealed record NewPrincipal(PrincipalName Id, PrincipalType Type, Role Role)
{
    private const string ServicePrefix = "_";
    private const string ProviderPrefix = "#P_";

    public Password? Password { get; init; }

    public PrincipalUpdate Details { get; init; } = new();

    /// <summary>
    /// Returns whether a principal of the type may have the role: persons are users or administrators, and services and providers have the role of their type.
    /// </summary>
    public static bool Suits(Role role, PrincipalType type) => type switch
    {
        PrincipalType.Person => role is Role.User or Role.Admin,
        PrincipalType.Service => role is Role.Service,
        _ => role is Role.Provider,
    };

    /// <returns>The fault, as a text for the caller; null when there is none.</returns>
    public string? FindFault(PasswordPolicy policy) =>
        FindFault() ?? (Password is null ? null : policy.FindFault(Password, Create(token: null, DateTimeOffset.UnixEpoch)));

    /// <summary>Checks everything except the password.</summary>
    public string? FindFault()
    {
        if (Id.FindFault() is { } fault)
            return fault;
        if (Id.Text is "." or ".." || Id.Text.Contains('/', StringComparison.Ordinal))
            return "The id may not be \".\" or \"..\" or hold a slash: it stands in addresses";
        if (TypeByName(Id.Text) != Type || TypeByName(Id.Folded) != Type)
            return $"The id of a service begins with \"{ServicePrefix}\", that of a provider with \"{ProviderPrefix}\", that of a person with neither";
        if (!Suits(Role, Type))
            return $"A principal of type {Type.ToWire()} cannot have the role {Role.ToWire()}";
        return Password is not null && Type is not PrincipalType.Person ? "Only a person has a password" : null;
    }

    /// <summary>Creates the principal as it is stored, without a password.</summary>
    public Principal Create(RefreshToken? token, DateTimeOffset now)
    {
        var profile = Details.Profile.ApplyTo(new PrincipalProfile());
        return new Principal
        {
            Id = Id.Text,
            FoldedId = Id.Folded,
            Uuid = Guid.CreateVersion7(now),
            Type = Type,
            Role = Role,
            Profile = profile,
            CanImpersonate = Details.CanImpersonate ?? false,
            AgreementAccepted = Details.AgreementAccepted ?? true,
            PasswordResetRequested = Details.PasswordResetRequested ?? false,
            Services = Details.Services.Value,
            RefreshTokenHash = token?.Hash(),
            SearchText = profile.ToSearchText(Id.Folded),
            FoldedEmail = profile.FoldedEmail,
            CreatedAt = now,
        };
    }

    private static PrincipalType TypeByName(string id) => id switch
    {
        _ when id.StartsWith(ServicePrefix, StringComparison.Ordinal) => PrincipalType.Service,
        _ when id.StartsWith(ProviderPrefix, StringComparison.OrdinalIgnoreCase) => PrincipalType.Provider,
        _ => PrincipalType.Person,
    };
}

using AuthService.Audit;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals;

/// <summary>Makes people, services and providers.</summary>
internal sealed class PrincipalService(AuthDbContext db, PasswordHashing hashing, TimeProvider clock)
{
    private const string ServicePrefix = "_";
    private const string ProviderPrefix = "#P_";

    public async Task<CreateOutcome> CreateAsync(NewPrincipal wanted, Deed deed)
    {
        var token = wanted.Type is PrincipalType.Person ? null : RefreshToken.New();
        var principal = Describe(wanted, token, UnixMicroseconds.Rounded(clock.GetUtcNow()));
        if (FindFault(wanted, principal) is { } fault)
            return new CreateOutcome.Refused(fault);
        principal.PasswordHash = wanted.Password is { } password ? await hashing.HashAsync(password) : null;
        db.AddRange(principal, deed.Record(AuditEvents.PrincipalCreated, principal.CreatedAt, principal.Id, detail: $"{wanted.Type.ToWire()} {wanted.Role.ToWire()}"));
        try
        {
            await db.SaveChangesAsync();
            return new CreateOutcome.Created(principal, token);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new CreateOutcome.IdInUse();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <returns>What is wrong with it, in words for whoever asked; null when nothing is.</returns>
    public static string? FindFault(NewPrincipal wanted, Principal principal)
    {
        if (principal.Id is "." or ".." || principal.Id.Contains('/', StringComparison.Ordinal))
            return "The id may not be \".\" or \"..\" or hold a slash: it stands in addresses";
        if (TypeByName(principal.Id) != wanted.Type || TypeByName(principal.FoldedId) != wanted.Type)
            return $"The id of a service begins with \"{ServicePrefix}\", that of a provider with \"{ProviderPrefix}\", that of a person with neither";
        if (!Suits(wanted.Role, wanted.Type))
            return $"A principal of type {wanted.Type.ToWire()} cannot have the role {wanted.Role.ToWire()}";
        if (wanted.Password is not null && wanted.Type is not PrincipalType.Person)
            return "Only a person has a password";
        return wanted.Password is { } password ? PasswordPolicy.FindFault(password, principal) : null;
    }

    private static PrincipalType TypeByName(string id) => id switch
    {
        _ when id.StartsWith(ServicePrefix, StringComparison.Ordinal) => PrincipalType.Service,
        _ when id.StartsWith(ProviderPrefix, StringComparison.OrdinalIgnoreCase) => PrincipalType.Provider,
        _ => PrincipalType.Person,
    };

    /// <summary>People are users or administrators; services and providers are what their type says.</summary>
    public static bool Suits(Role role, PrincipalType type) => type switch
    {
        PrincipalType.Person => role is Role.User or Role.Admin,
        PrincipalType.Service => role is Role.Service,
        _ => role is Role.Provider,
    };

    public static Principal Describe(NewPrincipal wanted, RefreshToken? token, DateTimeOffset now)
    {
        var details = wanted.Details;
        return new Principal
        {
            Id = wanted.Id.Text,
            FoldedId = wanted.Id.Folded,
            Uuid = Guid.CreateVersion7(now),
            Type = wanted.Type,
            Role = wanted.Role,
            FirstNames = details.FirstNames.Value,
            LastName = details.LastName.Value,
            Email = details.Email.Value,
            OrgId = details.OrgId.Value,
            Locale = details.Locale.Value,
            CanImpersonate = details.CanImpersonate ?? false,
            AgreementAccepted = details.AgreementAccepted ?? true,
            PasswordResetRequested = details.PasswordResetRequested ?? false,
            Services = details.Services.Value,
            RefreshTokenHash = token?.Hash(),
            SearchText = details.SearchText(wanted.Id.Folded),
            CreatedAt = now,
        };
    }
}

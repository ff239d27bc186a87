using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.Sessions;
using AuthService.Sessions.PrincipalChanges;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.People;

internal abstract record CreateOutcome
{
    private CreateOutcome()
    {
    }

    /// <param name="Principal">The principal as it is now.</param>
    /// <param name="RefreshToken">The refresh token of a service or provider, which is shown only once; null for a person.</param>
    internal sealed record Created(Principal Principal, RefreshToken? RefreshToken) : CreateOutcome;

    /// <param name="Fault">The fault, as a text for the administrator.</param>
    internal sealed record Refused(string Fault) : CreateOutcome;

    /// <summary>A principal, perhaps a deleted one, has this id or another spelling of it.</summary>
    internal sealed record IdInUse : CreateOutcome;

    /// <summary>Too many passwords wait to be hashed; nothing was done.</summary>
    internal sealed record Busy : CreateOutcome;
}

internal abstract record ChangeOutcome
{
    private ChangeOutcome()
    {
    }

    /// <param name="Principal">The principal that was changed.</param>
    /// <param name="RefreshToken">The new refresh token, which is shown only once; null unless it was renewed.</param>
    internal sealed record Done(Principal Principal, RefreshToken? RefreshToken = null) : ChangeOutcome;

    /// <summary>There is no such principal, or it was deleted in the meantime.</summary>
    internal sealed record Unknown : ChangeOutcome;

    /// <param name="Fault">The fault, as a text for the administrator.</param>
    internal sealed record Refused(string Fault) : ChangeOutcome;

    /// <summary>Another request changed the principal at the same moment.</summary>
    internal sealed record Conflict : ChangeOutcome;

    /// <summary>The change would leave no enabled administrator.</summary>
    internal sealed record LastAdministrator : ChangeOutcome;

    /// <summary>An administrator must change their own password like everybody else, with the current one.</summary>
    internal sealed record OwnPassword : ChangeOutcome;

    /// <summary>Too many passwords wait to be hashed; nothing was done.</summary>
    internal sealed record Busy : ChangeOutcome;
}

/// <summary>
/// Creates, changes and deletes principals for administrators. Changes after which earlier sign-ins must not count revoke them (<see
/// cref="PrincipalChangeService"/>). Ids are accepted in any letter case.
/// </summary>
internal sealed class PrincipalAdministration(
    Store store, PrincipalStore principals, PrincipalChangeService changes, AdministratorPasswords passwords, TimeProvider clock)
{
    public const string NoRefreshToken = "Only an enabled service or provider has a refresh token of its own";

    public async Task<CreateOutcome> CreateAsync(NewPrincipal wanted, AuditActor by, HashingCaller caller)
    {
        if (wanted.FindFault(passwords.Policy) is { } fault)
            return new CreateOutcome.Refused(fault);
        var token = wanted.Type is PrincipalType.Person ? null : RefreshToken.New();
        var hash = wanted.Password is { } password ? await passwords.TryHashAsync(password, caller) : null;
        if (wanted.Password is not null && hash is null)
            return new CreateOutcome.Busy();
        try
        {
            return await store.InAdministrationAsync(by, clock, target: null, administratorsToo: false, async (_, now) =>
            {
                var principal = wanted.Create(token, now);
                principal.PasswordHash = hash;
                principal.PasswordResetRequested = wanted.Details.PasswordResetRequested ?? (hash is not null && passwords.AreTemporary);
                if (hash is not null)
                    await store.ForgetFailedSignInsAsync(wanted.Id);
                var detail = $"{wanted.Type.ToWire()} {wanted.Role.ToWire()}";
                await store.InsertAsync(principal, by.CreateEntry(AuditEvents.PrincipalCreated, now, principal.Id, detail: detail));
                return new CreateOutcome.Created(principal, token);
            });
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new CreateOutcome.IdInUse();
        }
    }

    /// <summary>Changes a principal, with or without a new password, completely or not at all.</summary>
    public async Task<ChangeOutcome> ChangeAsync(string id, PrincipalUpdate change, Password? password, AuditActor by, HashingCaller caller)
    {
        if (await principals.FindByIdAsync(id) is not { } principal)
            return new ChangeOutcome.Unknown();
        if (change.Role is { } role && !NewPrincipal.Suits(role, principal.Type))
            return new ChangeOutcome.Refused($"A principal of type {principal.Type.ToWire()} cannot have the role {role.ToWire()}");
        if (password is not null && FindRefusal(principal, password, change.Role ?? principal.Role, by) is { } refusal)
            return refusal;
        var hash = password is null ? null : await passwords.TryHashAsync(password, caller);
        if (password is not null && hash is null)
            return new ChangeOutcome.Busy();
        var whole = password is null
            ? change
            : change with { PasswordHash = hash, PasswordResetRequested = change.PasswordResetRequested ?? passwords.AreTemporary };
        if (ToOutcome(await changes.ApplyAsync(principal, whole, by), principal) is not ChangeOutcome.Done and var undone)
            return undone;
        return await principals.FindByIdAsync(id) is { } changed ? new ChangeOutcome.Done(changed) : new ChangeOutcome.Unknown();
    }

    public async Task<ChangeOutcome> SetPasswordAsync(string id, Password password, AuditActor by, HashingCaller caller)
    {
        if (await principals.FindByIdAsync(id) is not { } principal)
            return new ChangeOutcome.Unknown();
        if (FindRefusal(principal, password, principal.Role, by) is { } refusal)
            return refusal;
        if (await passwords.TryHashAsync(password, caller) is not { } hash)
            return new ChangeOutcome.Busy();
        return await changes.TrySetPasswordAsync(principal, hash, by, passwords.AreTemporary)
            ? new ChangeOutcome.Done(principal)
            : new ChangeOutcome.Conflict();
    }

    /// <summary>Deletes a principal. The id stays taken, so that nobody else can get it.</summary>
    public async Task<ChangeOutcome> DeleteAsync(string id, AuditActor by)
    {
        if (await principals.FindByIdAsync(id) is not { } principal)
            return new ChangeOutcome.Unknown();
        return ToOutcome(await changes.DeleteAsync(principal, by), principal);
    }

    /// <summary>Gives a service or provider a new refresh token.</summary>
    /// <param name="id">The id of the service or provider.</param>
    /// <param name="overlap">How long the old one still works; zero revokes it and its access tokens.</param>
    /// <param name="by">The audit actor.</param>
    public async Task<ChangeOutcome> RenewRefreshTokenAsync(string id, TimeSpan overlap, AuditActor by)
    {
        if (await principals.FindByIdAsync(id) is not { } principal)
            return new ChangeOutcome.Unknown();
        if (principal is { Type: PrincipalType.Person } or { State: not PrincipalState.Enabled })
            return new ChangeOutcome.Refused(NoRefreshToken);
        return await changes.TryRenewRefreshTokenAsync(principal, overlap, by) is { } token
            ? new ChangeOutcome.Done(principal, token)
            : new ChangeOutcome.Conflict();
    }

    private static ChangeOutcome ToOutcome(PrincipalChangeResult result, Principal principal) => result switch
    {
        PrincipalChangeResult.Done => new ChangeOutcome.Done(principal),
        PrincipalChangeResult.LastAdministrator => new ChangeOutcome.LastAdministrator(),
        _ => new ChangeOutcome.Conflict(),
    };

    private ChangeOutcome? FindRefusal(Principal principal, Password password, Role role, AuditActor by)
    {
        if (principal.Type is not PrincipalType.Person)
            return new ChangeOutcome.Refused("Only a person has a password; a service or provider has a refresh token");
        if (by.Entitlement?.PrincipalNumber == principal.Number)
            return new ChangeOutcome.OwnPassword();
        return passwords.Policy.FindFault(password, principal, role) is { } fault ? new ChangeOutcome.Refused(fault) : null;
    }
}

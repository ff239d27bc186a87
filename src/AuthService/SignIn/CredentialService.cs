using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.SignIn;

internal abstract record ChangeOutcome
{
    private ChangeOutcome()
    {
    }

    internal sealed record Done : ChangeOutcome;

    /// <param name="Fault">What is wrong, in words for whoever asked.</param>
    internal sealed record Refused(string Fault) : ChangeOutcome;

    /// <summary>Somebody else changed the principal at the same moment.</summary>
    internal sealed record Conflict : ChangeOutcome;
}

/// <summary>Changes people as an administrator asks, the password with its policy, its hash and the end of every earlier sign-in included.</summary>
internal sealed class CredentialService(PasswordHashing hashing, PrincipalChangeService changes)
{
    public async Task<ChangeOutcome> SetAsync(Principal principal, Password password, Deed deed)
    {
        if (FindFault(principal, password) is { } fault)
            return new ChangeOutcome.Refused(fault);
        var hash = await hashing.HashAsync(password);
        return await changes.TrySetPasswordAsync(principal, hash, deed) ? new ChangeOutcome.Done() : new ChangeOutcome.Conflict();
    }

    /// <summary>A change of other things, with a new password in it or not: all of it is done or nothing.</summary>
    public async Task<ChangeOutcome> ChangeAsync(Principal principal, PrincipalChange change, Password? password, Deed deed)
    {
        if (change.Role is { } role && !PrincipalService.Suits(role, principal.Type))
            return new ChangeOutcome.Refused($"A principal of type {principal.Type.ToWire()} cannot have the role {role.ToWire()}");
        if (password is not null && FindFault(principal, password) is { } fault)
            return new ChangeOutcome.Refused(fault);
        var whole = password is null ? change : change with { PasswordHash = await hashing.HashAsync(password) };
        return await changes.TryApplyAsync(principal, whole, deed) ? new ChangeOutcome.Done() : new ChangeOutcome.Conflict();
    }

    private static string? FindFault(Principal principal, Password password) => principal.Type is PrincipalType.Person
        ? PasswordPolicy.FindFault(password, principal)
        : "Only a person has a password; a service or provider has a refresh token";
}

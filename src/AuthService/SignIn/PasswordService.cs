using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.SignIn;

internal abstract record PasswordOutcome
{
    private PasswordOutcome()
    {
    }

    internal sealed record Done : PasswordOutcome;

    /// <param name="Fault">What is wrong with it, for the person who sets it.</param>
    internal sealed record Refused(string Fault) : PasswordOutcome;

    /// <summary>Somebody else changed the principal at the same moment.</summary>
    internal sealed record Conflict : PasswordOutcome;
}

/// <summary>Sets passwords: policy, hash, and the end of every earlier sign-in.</summary>
internal sealed class PasswordService(PasswordHashing hashing, PrincipalChangeService changes)
{
    public async Task<PasswordOutcome> SetAsync(Principal principal, Password password, Deed deed)
    {
        if (principal.Type is not PrincipalType.Person)
            return new PasswordOutcome.Refused("Only a person has a password; a service or provider has a refresh token");
        if (PasswordPolicy.FindFault(password, principal) is { } fault)
            return new PasswordOutcome.Refused(fault);
        var hash = await hashing.HashAsync(password);
        return await changes.TrySetPasswordAsync(principal, hash, deed) ? new PasswordOutcome.Done() : new PasswordOutcome.Conflict();
    }
}

using AuthService.Principals;
using Microsoft.Extensions.Options;

namespace AuthService.People;

/// <summary>Passwords that administrators set: hashed in a share of the queue of their own, and as a rule good for one sign-in.</summary>
internal sealed class AdministratorPasswords(PasswordHashing hashing, PasswordPolicy policy, IOptionsMonitor<PasswordOptions> options)
{
    /// <summary>Whether the person has to choose another one at the next sign-in, unless the administrator says so or otherwise.</summary>
    public bool AreTemporary => options.CurrentValue.TemporaryWhenSetByAdministrator;

    public PasswordPolicy Policy => policy;

    /// <returns>Null when the password would wait too long.</returns>
    public Task<string?> TryHashAsync(Password password, HashingCaller caller) => hashing.TryHashAsync(password, HashingShare.Administration, caller);
}

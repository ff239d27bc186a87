using AuthService.Principals.Passwords;
using Microsoft.Extensions.Options;

namespace AuthService.People;

/// <summary>Hashes passwords that administrators set, in their own share of the queue. By default such a password works for one sign-in.</summary>
internal sealed class AdministratorPasswords(PasswordHashing hashing, PasswordPolicy policy, IOptionsMonitor<PasswordOptions> options)
{
    /// <summary>Whether the person must choose another password at the next sign-in, unless the request says otherwise.</summary>
    public bool AreTemporary => options.CurrentValue.TemporaryWhenSetByAdministrator;

    public PasswordPolicy Policy => policy;

    /// <returns>Null when the password would wait too long.</returns>
    public Task<string?> TryHashAsync(Password password, HashingCaller caller) => hashing.TryHashAsync(password, HashingShare.Administration, caller);
}

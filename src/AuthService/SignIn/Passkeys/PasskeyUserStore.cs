using AuthService.Principals;
using Microsoft.AspNetCore.Identity;

namespace AuthService.SignIn.Passkeys;

/// <summary>A person as a user of the framework's passkey handler. The person's uuid is the user handle of WebAuthn.</summary>
internal sealed record PasskeyOwner(Principal Person)
{
    public string Handle => Person.Uuid.ToString();
}

/// <summary>Lets the framework's passkey handler read people and passkeys. It writes nothing; the caller of the handler writes the results.</summary>
internal sealed class PasskeyUserStore(PrincipalStore principals, PasskeyStore passkeys) : IUserPasskeyStore<PasskeyOwner>
{
    /// <summary>
    /// The error when the store could not be read. The handler treats every exception as a wrong answer, so the caller must check this property.
    /// </summary>
    public Exception? Failure { get; private set; }

    public async Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParseExact(userId, "D", out var uuid) && await ReadAsync(principals.FindPersonAsync(uuid)) is { } person ? new PasskeyOwner(person) : null;

    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Handle);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(passkeys.ListAsync(user.Person.Number))).Select(passkey => passkey.ToFrameworkInfo())];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) =>
        await ReadAsync(passkeys.FindAsync(credentialId)) is { } passkey && passkey.PrincipalNumber == user.Person.Number ? passkey.ToFrameworkInfo() : null;

    public async Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await ReadAsync(passkeys.FindOwnerAsync(credentialId)) is { } person ? new PasskeyOwner(person) : null;

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Person.Id);

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotUsed();

    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw NotUsed();

    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) => throw NotUsed();

    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotUsed();

    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotUsed();

    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotUsed();

    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw NotUsed();

    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw NotUsed();

    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw NotUsed();

    public void Dispose()
    {
    }

    private async Task<T> ReadAsync<T>(Task<T> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }

    private static NotSupportedException NotUsed() => new("The passkey handler does not use this");
}

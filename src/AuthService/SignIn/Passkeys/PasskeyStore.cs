using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.Passkeys;

/// <summary>Stores the passkeys of people.</summary>
internal sealed class PasskeyStore(Store store)
{
    /// <returns>The passkeys of the person, oldest first.</returns>
    public Task<List<Passkey>> ListAsync(long person) => store.ReadAsync(db => db.Set<Passkey>().AsNoTracking()
        .Where(passkey => passkey.PrincipalNumber == person).OrderBy(passkey => passkey.CreatedAt).ThenBy(passkey => passkey.Id).ToListAsync());

    public Task<Passkey?> FindAsync(byte[] credentialId) => store.ReadAsync(
        db => db.Set<Passkey>().AsNoTracking().FirstOrDefaultAsync(passkey => passkey.CredentialId == credentialId));

    public Task<Principal?> FindOwnerAsync(byte[] credentialId) => store.ReadAsync(db => db.Set<Passkey>().AsNoTracking()
        .Where(passkey => passkey.CredentialId == credentialId)
        .Join(db.Set<Principal>(), passkey => passkey.PrincipalNumber, p => p.Number, (_, p) => p)
        .FirstOrDefaultAsync());

    public Task<int> CountAsync(long person) => store.ReadAsync(db => db.Set<Passkey>().CountAsync(passkey => passkey.PrincipalNumber == person));

    /// <summary>Adds a passkey, inside the caller's transaction.</summary>
    /// <returns>False when the passkey exists already, for this person or another.</returns>
    public async Task<bool> TryAddAsync(Passkey added) => await store.WriteAsync(
        $"""
        INSERT INTO passkeys (credential_id, principal_number, id, name, public_key, sign_count, transports, backup_eligible, backed_up, created_at)
        VALUES ({added.CredentialId}, {added.PrincipalNumber}, {added.Id}, {added.Name}, {added.PublicKey}, {added.SignCount}, {added.Transports},
                {added.BackupEligible}, {added.BackedUp}, {UnixMicroseconds.From(added.CreatedAt)})
        ON CONFLICT (credential_id) DO NOTHING
        """) == 1;

    /// <summary>Records a signature, inside the caller's transaction.</summary>
    /// <returns>False when the count has not gone up, so that a copy of the passkey may exist, or the passkey was removed.</returns>
    public async Task<bool> TryUseAsync(long person, UsedPasskey used, DateTimeOffset now) => await store.WriteAsync(
        $"""
        UPDATE passkeys SET sign_count = {used.SignCount}, backed_up = {used.BackedUp}, last_used_at = {UnixMicroseconds.From(now)}
        WHERE credential_id = {used.CredentialId} AND principal_number = {person}
        AND (sign_count < {used.SignCount} OR (sign_count = 0 AND {used.SignCount} = 0))
        """) == 1;

    public async Task<bool> TryRenameAsync(long person, Guid id, string name) => await store.WriteAsync(db => db.Set<Passkey>()
        .Where(passkey => passkey.PrincipalNumber == person && passkey.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(passkey => passkey.Name, name))) == 1;

    public async Task<bool> TryRemoveAsync(long person, Guid id) => await store.WriteAsync(db => db.Set<Passkey>()
        .Where(passkey => passkey.PrincipalNumber == person && passkey.Id == id).ExecuteDeleteAsync()) == 1;

    /// <summary>Removes the passkeys created since a time, and one more. Runs inside the caller's transaction.</summary>
    /// <returns>The ids of the removed passkeys.</returns>
    public Task<List<Guid>> RemoveSinceAsync(long person, DateTimeOffset since, Guid? another) => store.WriteAsync<Guid>(
        $"""
        DELETE FROM passkeys WHERE principal_number = {person} AND (id = {another ?? Guid.Empty} OR created_at >= {UnixMicroseconds.From(since)})
        RETURNING id AS "Value"
        """);

    public Task<int> RemoveAllAsync(long person) =>
        store.WriteAsync(db => db.Set<Passkey>().Where(passkey => passkey.PrincipalNumber == person).ExecuteDeleteAsync());
}

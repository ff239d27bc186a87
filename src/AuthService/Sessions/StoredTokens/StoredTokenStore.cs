using System.Text;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.StoredTokens;

/// <summary>Identifies a stored token of a session.</summary>
internal readonly record struct StoredTokenPlace(Guid SessionId, string TokenId)
{
    /// <summary>Returns the additional data of the encryption: a value can be decrypted only for its own session and token id.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{SessionId:N}/{TokenId}");
}

/// <summary>A principal that reads or writes stored tokens.</summary>
/// <param name="Number">The number of the principal.</param>
/// <param name="ReachesAll">False when it may only use tokens that it wrote.</param>
internal readonly record struct StoredTokenReader(long Number, bool ReachesAll)
{
    public bool Reaches(StoredToken token) => ReachesAll || token.WriterNumber == Number;
}

/// <summary>Stores the tokens of single sign-on providers, encrypted for their session and token id.</summary>
internal sealed class StoredTokenStore(Store store, SecretBox box)
{
    /// <summary>Writes a token, inside the caller's transaction. The first writer stays its writer.</summary>
    /// <returns>False when another principal wrote the token and this one may not use it.</returns>
    public async Task<bool> TryPutAsync(StoredTokenPlace place, byte[] value, StoredTokenReader by)
    {
        var (keyId, bytes) = box.Seal(value, place.ToBytes());
        return await store.WriteAsync(
            $"""
            INSERT INTO stored_tokens (session_id, token_id, key_id, sealed_value, writer_number)
            VALUES ({place.SessionId}, {place.TokenId}, {keyId}, {bytes}, {by.Number})
            ON CONFLICT (session_id, token_id) DO UPDATE SET key_id = excluded.key_id, sealed_value = excluded.sealed_value
            WHERE stored_tokens.writer_number = {by.Number} OR {by.ReachesAll}
            """) == 1;
    }

    /// <summary>Whether an encryption key is configured for writing.</summary>
    public bool CanSeal => box.HasKey;

    /// <summary>Returns whether the key that encrypted the token is still configured.</summary>
    public bool CanOpen(StoredToken token) => box.Holds(token.KeyId);

    /// <summary>Locks the session until the transaction ends, so that it cannot be revoked or start to impersonate.</summary>
    /// <returns>False when it was revoked or impersonates somebody.</returns>
    public Task<bool> TryHoldSessionAsync(StoredTokenPlace place) =>
        store.TryHoldAsync($"sessions WHERE id = {place.SessionId} AND actor_number IS NULL", RowLock.AgainstChange);

    public Task<StoredToken?> FindAsync(StoredTokenPlace place) => store.ReadAsync(db => Of(db, place).AsNoTracking().FirstOrDefaultAsync());

    public byte[] Open(StoredToken token) =>
        box.Open(new SealedValue(token.KeyId, token.SealedValue), new StoredTokenPlace(token.SessionId, token.TokenId).ToBytes());

    public async Task<bool> TryDeleteAsync(StoredTokenPlace place) => await store.WriteAsync(db => Of(db, place).ExecuteDeleteAsync()) == 1;

    private static IQueryable<StoredToken> Of(AuthDbContext db, StoredTokenPlace place) =>
        db.Set<StoredToken>().Where(token => token.SessionId == place.SessionId && token.TokenId == place.TokenId);
}

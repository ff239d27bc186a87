using System.Text;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.StoredTokens;

/// <summary>Which token of which session.</summary>
internal readonly record struct StoredTokenPlace(Guid SessionId, string TokenId)
{
    /// <summary>A sealed value opens in its own place only.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{SessionId:N}/{TokenId}");
}

/// <param name="Number">Of the principal.</param>
/// <param name="ReachesAll">False for one who reaches only what they wrote.</param>
internal readonly record struct StoredTokenReader(long Number, bool ReachesAll)
{
    public bool Reaches(StoredToken token) => ReachesAll || token.WriterNumber == Number;
}

/// <summary>Keeps the tokens of single sign-on providers with their session, sealed for that session and that name.</summary>
internal sealed class StoredTokenStore(Store store, SecretBox box)
{
    /// <summary>Within a transaction. Who wrote it first stays its writer.</summary>
    /// <returns>False when the token is out of reach.</returns>
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

    /// <summary>Whether there is a key to write with.</summary>
    public bool CanSeal => box.HasKey;

    /// <summary>Whether the key is still there that it was written with.</summary>
    public bool CanOpen(StoredToken token) => box.Holds(token.KeyId);

    /// <summary>Until the transaction is over the session is not revoked and does not begin to impersonate.</summary>
    /// <returns>False when it was, or does.</returns>
    public Task<bool> TryHoldSessionAsync(StoredTokenPlace place) =>
        store.TryHoldAsync($"sessions WHERE id = {place.SessionId} AND actor_number IS NULL", RowLock.AgainstChange);

    public Task<StoredToken?> FindAsync(StoredTokenPlace place) => store.ReadAsync(db => Of(db, place).AsNoTracking().FirstOrDefaultAsync());

    public byte[] Open(StoredToken token) =>
        box.Open(new SealedValue(token.KeyId, token.SealedValue), new StoredTokenPlace(token.SessionId, token.TokenId).ToBytes());

    public async Task<bool> TryDeleteAsync(StoredTokenPlace place) => await store.WriteAsync(db => Of(db, place).ExecuteDeleteAsync()) == 1;

    private static IQueryable<StoredToken> Of(AuthDbContext db, StoredTokenPlace place) =>
        db.Set<StoredToken>().Where(token => token.SessionId == place.SessionId && token.TokenId == place.TokenId);
}

using System.Text;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>Keeps the tokens of single sign-on providers with their session, sealed for that session and that name.</summary>
internal sealed class StoredTokenStore(AuthDbContext db, SecretBox box)
{
    /// <returns>False when the session has ended, or is impersonating, in the meantime.</returns>
    public async Task<bool> TryPutAsync(Guid sessionId, string tokenId, byte[] value)
    {
        var (keyId, bytes) = box.Seal(value, Place(sessionId, tokenId));
        // PostgreSQL's foreign key would find the session gone where the SELECT still saw it, hence the lock.
        var hold = db.IsPostgres ? "FOR KEY SHARE OF s" : "";
        var sql = $$"""
            INSERT INTO stored_tokens (session_id, token_id, key_id, sealed_value)
            SELECT s.id, {1}, {2}, {3} FROM sessions AS s WHERE s.id = {0} AND s.actor_number IS NULL {{hold}}
            ON CONFLICT (session_id, token_id) DO UPDATE SET key_id = excluded.key_id, sealed_value = excluded.sealed_value
            """;
        return await db.Database.ExecuteSqlRawAsync(sql, sessionId, tokenId, keyId, bytes) == 1;
    }

    public async Task<byte[]?> FindAsync(Guid sessionId, string tokenId)
    {
        var token = await Of(sessionId, tokenId).AsNoTracking().FirstOrDefaultAsync();
        return token is null ? null : box.Open(new SealedValue(token.KeyId, token.SealedValue), Place(sessionId, tokenId));
    }

    public async Task<bool> TryDeleteAsync(Guid sessionId, string tokenId) => await Of(sessionId, tokenId).ExecuteDeleteAsync() == 1;

    private static byte[] Place(Guid sessionId, string tokenId) => Encoding.UTF8.GetBytes($"{sessionId:N}/{tokenId}");

    private IQueryable<StoredToken> Of(Guid sessionId, string tokenId) =>
        db.Set<StoredToken>().Where(token => token.SessionId == sessionId && token.TokenId == tokenId);
}

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
        return await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO stored_tokens (session_id, token_id, key_id, sealed_value)
            SELECT s.id, {tokenId}, {keyId}, {bytes} FROM sessions AS s WHERE s.id = {sessionId} AND s.actor_number IS NULL
            ON CONFLICT (session_id, token_id) DO UPDATE SET key_id = excluded.key_id, sealed_value = excluded.sealed_value
            """) == 1;
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

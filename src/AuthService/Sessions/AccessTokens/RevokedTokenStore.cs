using AuthService.Audit;
using AuthService.Revocations;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions.AccessTokens;

/// <summary>Stores access tokens that were revoked before they expire, and finds the principals of tokens without a session.</summary>
internal sealed class RevokedTokenStore(
    Store store, TokenPrincipalLookUp lookUp, RevocationReceipts receipts, IOptionsMonitor<JwtOptions> options)
{
    /// <summary>Extra time for instances with a clock that is behind the one of the instance that cleans up.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <returns>The principal of the token; null when no principal has the id, or the token was revoked.</returns>
    public Task<TokenPrincipal?> FindPrincipalAsync(TokenKey token) => lookUp.Batcher.ExecuteAsync(store, token);

    /// <returns>False when the token had already been revoked.</returns>
    public Task<bool> TryAddAsync(byte[] fingerprint, string? jti, DateTimeOffset expiresAt, AuditEntry entry) => store.InTransactionAsync(async () =>
    {
        var added = await store.WriteAsync(
            $"""
            INSERT INTO revoked_tokens (token_hash, forget_at) VALUES ({fingerprint}, {UnixMicroseconds.From(expiresAt + Margin)})
            ON CONFLICT (token_hash) DO NOTHING
            """);
        if (added == 0)
            return false;
        if (jti is not null)
        {
            var forgetAt = UnixMicroseconds.From(entry.At + options.CurrentValue.ClaimRetention);
            await store.WriteAsync($"INSERT INTO claims (jti_hash, forget_at) VALUES ({TokenHash.Of(jti)}, {forgetAt}) ON CONFLICT (jti_hash) DO NOTHING");
        }

        await store.InsertAsync(entry);
        await receipts.NoteAsync(fingerprint, entry.At, expiresAt);
        return true;
    });

    public Task<bool> ContainsAsync(byte[] fingerprint) => store.ReadAsync(db => db.Set<RevokedToken>().AnyAsync(token => token.TokenHash == fingerprint));
}

using AuthService.Audit;
using AuthService.Principals;
using AuthService.Revocations;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions.AccessTokens;

/// <summary>The access tokens that were revoked before they expire, and whom a token without a session speaks for.</summary>
internal sealed class RevokedTokenStore(
    Store store, TokenPrincipalLookUp lookUp, RevocationReceipts receipts, IOptionsMonitor<JwtOptions> options)
{
    /// <summary>For instances whose clock is behind that of the one that cleans up.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <returns>Whom the token speaks for; null when nobody has the id, or the token was revoked.</returns>
    public Task<TokenPrincipal?> FindPrincipalAsync(TokenKey token) => lookUp.Batcher.ExecuteAsync(store, token);

    /// <summary>Revokes a token. A one-time token cannot be claimed afterwards: a claim sends its <c>jti</c> alone, so that counts as claimed.</summary>
    /// <returns>False when it was revoked before.</returns>
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

    /// <summary>Deletes some entries whose tokens have expired.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<RevokedToken>(nameof(RevokedToken.ForgetAt), now, limit, cancellation);
}

/// <param name="Id">Of the principal that the token names, exactly.</param>
/// <param name="Fingerprint">Of the token.</param>
/// <param name="ApiKeyId">Of the API key that it was issued for.</param>
internal readonly record struct TokenKey(string Id, byte[] Fingerprint, Guid? ApiKeyId);

/// <summary>Whom a token without a session speaks for.</summary>
/// <param name="Principal">Who has the id.</param>
/// <param name="Key">The API key of the token, if it is there and is the principal's.</param>
internal sealed record TokenPrincipal(Principal Principal, TokenApiKey? Key);

internal sealed record TokenApiKey(Guid Id, DateTimeOffset? ExpireAt)
{
    public bool HoldsAt(DateTimeOffset now) => ExpireAt is null || now < ExpireAt;
}

/// <summary>
/// Finds the principals and API keys of access tokens without a session, batched. A compiled query belongs to one model, and so to one
/// host, hence no static field.
/// </summary>
internal sealed class TokenPrincipalLookUp
{
    /// <summary>Each of the principals with each of its keys, and each of these with each of the tokens that were revoked; null stands for none.</summary>
    private readonly Func<AuthDbContext, string[], Guid[], byte[][], IAsyncEnumerable<Row>> _query = EF.CompileAsyncQuery(
        (AuthDbContext db, string[] ids, Guid[] keys, byte[][] fingerprints) => db.Set<Principal>().AsNoTracking()
            .Where(p => ids.Contains(p.Id))
            .SelectMany(
                p => db.Set<ApiKeyRecord>().Where(key => key.PrincipalNumber == p.Number && keys.Contains(key.Id)).DefaultIfEmpty(),
                (p, key) => new { p, KeyId = (Guid?)key!.Id, key.ExpireAt })
            .SelectMany(
                owned => db.Set<RevokedToken>().Where(token => fingerprints.Contains(token.TokenHash)).DefaultIfEmpty(),
                (owned, token) => new Row(owned.p, owned.KeyId, owned.ExpireAt, token!.TokenHash)));

    public TokenPrincipalLookUp(BatchConnections connections) =>
        Batcher = new(connections, (store, tokens) => store.ReadAsync(db => FindAsync(db, tokens)), isNonBlocking: true);

    public StatementBatcher<TokenKey, TokenPrincipal?> Batcher { get; }

    private async Task<IReadOnlyList<TokenPrincipal?>> FindAsync(AuthDbContext db, IReadOnlyList<TokenKey> tokens)
    {
        var principals = new Dictionary<string, Principal>(StringComparer.Ordinal);
        var keys = new Dictionary<(long Principal, Guid Id), TokenApiKey>();
        var revoked = new HashSet<byte[]>(BytesComparer.Instance);
        string[] ids = [.. tokens.Select(token => token.Id).Distinct(StringComparer.Ordinal)];
        Guid[] keyIds = [.. tokens.Select(token => token.ApiKeyId).OfType<Guid>().Distinct()];
        byte[][] fingerprints = [.. tokens.Select(token => token.Fingerprint).Distinct(BytesComparer.Instance)];
        await foreach (var (principal, keyId, expireAt, hash) in _query(db, ids, keyIds, fingerprints))
        {
            principals[principal.Id] = principal;
            if (keyId is { } id)
                keys[(principal.Number, id)] = new TokenApiKey(id, expireAt);
            if (hash is not null)
                revoked.Add(hash);
        }

        return [.. tokens.Select(token => !revoked.Contains(token.Fingerprint) && principals.TryGetValue(token.Id, out var principal)
            ? new TokenPrincipal(principal, token.ApiKeyId is { } id ? keys.GetValueOrDefault((principal.Number, id)) : null)
            : null)];
    }

    /// <param name="Principal">Who has one of the ids.</param>
    /// <param name="KeyId">One of their API keys that are asked for; null when there is none.</param>
    /// <param name="ExpireAt">When that key expires.</param>
    /// <param name="Revoked">One of the fingerprints; null when none of them was revoked.</param>
    private sealed record Row(Principal Principal, Guid? KeyId, DateTimeOffset? ExpireAt, byte[]? Revoked);
}

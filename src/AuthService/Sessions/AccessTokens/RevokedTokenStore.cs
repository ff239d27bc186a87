using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.AccessTokens;

/// <summary>The access tokens that were revoked before they expire, and whom a token without a session speaks for.</summary>
internal sealed class RevokedTokenStore(Store store, TokenPrincipalLookUp lookUp)
{
    /// <summary>For instances whose clock is behind that of the one that cleans up.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    /// <returns>Whom the token speaks for; null when nobody has the id, or the token was revoked.</returns>
    public Task<Principal?> FindPrincipalAsync(string id, byte[] fingerprint) => lookUp.Batcher.ExecuteAsync(store, new TokenKey(id, fingerprint));

    /// <returns>False when it was revoked before.</returns>
    public Task<bool> TryAddAsync(byte[] fingerprint, DateTimeOffset expiresAt, AuditEntry entry) => store.InTransactionAsync(async () =>
    {
        var added = await store.WriteAsync(
            $"""
            INSERT INTO revoked_tokens (token_hash, forget_at) VALUES ({fingerprint}, {UnixMicroseconds.From(expiresAt + Margin)})
            ON CONFLICT (token_hash) DO NOTHING
            """);
        if (added == 0)
            return false;
        await store.InsertAsync(entry);
        return true;
    });

    public Task<bool> ContainsAsync(byte[] fingerprint) => store.ReadAsync(db => db.Set<RevokedToken>().AnyAsync(token => token.TokenHash == fingerprint));

    /// <summary>Deletes some entries whose tokens have expired.</summary>
    public Task<int> DeleteForgottenAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<RevokedToken>(nameof(RevokedToken.ForgetAt), now, limit, cancellation);
}

/// <param name="Id">Of the principal that the token names, exactly.</param>
/// <param name="Fingerprint">Of the token.</param>
internal readonly record struct TokenKey(string Id, byte[] Fingerprint);

/// <summary>
/// Finds the principals of access tokens without a session, batched. A compiled query belongs to one model, and so to one
/// host, hence no static field.
/// </summary>
internal sealed class TokenPrincipalLookUp
{
    /// <summary>Each of the principals with each of the tokens that were revoked, and with null when none was.</summary>
    private readonly Func<AuthDbContext, string[], byte[][], IAsyncEnumerable<PrincipalOrRevoked>> _query = EF.CompileAsyncQuery(
        (AuthDbContext db, string[] ids, byte[][] fingerprints) => db.Set<Principal>().AsNoTracking()
            .Where(p => ids.Contains(p.Id))
            .SelectMany(
                p => db.Set<RevokedToken>().Where(token => fingerprints.Contains(token.TokenHash)).DefaultIfEmpty(),
                (p, token) => new PrincipalOrRevoked(p, token!.TokenHash)));

    public TokenPrincipalLookUp(BatchConnections connections) =>
        Batcher = new(connections, (store, tokens) => store.ReadAsync(db => FindAsync(db, tokens)));

    public StatementBatcher<TokenKey, Principal?> Batcher { get; }

    private async Task<IReadOnlyList<Principal?>> FindAsync(AuthDbContext db, IReadOnlyList<TokenKey> tokens)
    {
        var principals = new Dictionary<string, Principal>(StringComparer.Ordinal);
        var revoked = new HashSet<byte[]>(BytesComparer.Instance);
        string[] ids = [.. tokens.Select(token => token.Id).Distinct(StringComparer.Ordinal)];
        byte[][] fingerprints = [.. tokens.Select(token => token.Fingerprint).Distinct(BytesComparer.Instance)];
        await foreach (var row in _query(db, ids, fingerprints))
        {
            principals[row.Principal.Id] = row.Principal;
            if (row.Revoked is not null)
                revoked.Add(row.Revoked);
        }

        return [.. tokens.Select(token => revoked.Contains(token.Fingerprint) ? null : principals.GetValueOrDefault(token.Id))];
    }

    /// <param name="Principal">Who has one of the ids.</param>
    /// <param name="Revoked">One of the fingerprints; null when none of them was revoked.</param>
    private sealed record PrincipalOrRevoked(Principal Principal, byte[]? Revoked);
}

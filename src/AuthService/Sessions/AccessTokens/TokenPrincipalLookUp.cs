using AuthService.Principals;
using AuthService.Principals.ApiKeys;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.AccessTokens;

/// <summary>Identifies a token without a session.</summary>
/// <param name="Id">The id of the principal exactly as the token contains it.</param>
/// <param name="Fingerprint">The fingerprint of the token.</param>
/// <param name="ApiKeyId">The id of the API key for which it was issued; null when there is none.</param>
internal readonly record struct TokenKey(string Id, byte[] Fingerprint, Guid? ApiKeyId);

/// <summary>The principal of a token without a session.</summary>
/// <param name="Principal">The principal with the id.</param>
/// <param name="Key">The API key of the token; null when the token has none, or it no longer exists or is not the principal's.</param>
internal sealed record TokenPrincipal(Principal Principal, TokenApiKey? Key);

internal sealed record TokenApiKey(Guid Id, DateTimeOffset? ExpireAt)
{
    public bool HoldsAt(DateTimeOffset now) => ExpireAt is null || now < ExpireAt;
}

/// <summary>
/// Finds the principals and API keys of access tokens without a session, batched. A compiled query belongs to one model, and so to one host, which is why the
/// field is not static.
/// </summary>
internal sealed class TokenPrincipalLookUp
{
    /// <summary>
    /// Joins each principal with each of its requested API keys, and each of these rows with each revoked fingerprint. Null means that there is none.
    /// </summary>
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

    /// <param name="Principal">The principal with one of the ids.</param>
    /// <param name="KeyId">One of its requested API keys; null when there is none.</param>
    /// <param name="ExpireAt">When that API key expires.</param>
    /// <param name="Revoked">One of the requested fingerprints that was revoked; null when none was.</param>
    private sealed record Row(Principal Principal, Guid? KeyId, DateTimeOffset? ExpireAt, byte[]? Revoked);
}

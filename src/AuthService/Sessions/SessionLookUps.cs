using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>
/// The look-ups that nearly every call makes. On PostgreSQL those who ask at the same moment share a statement; SQLite,
/// which is asked without a round trip, would gain nothing, and a question inside a transaction stays inside.
/// </summary>
internal sealed class SessionLookUps
{
    private readonly SessionQueries _queries;
    private readonly SharedStatement<byte[], OwnedSession?> _byRefreshToken;
    private readonly SharedStatement<Guid, OwnedSession?> _byId;
    private readonly SharedStatement<Guid, SessionView?> _viewById;
    private readonly SharedStatement<TokenQuestion, Principal?> _principalOfToken;

    public SessionLookUps(IDbContextFactory<AuthDbContext> contexts, SessionQueries queries)
    {
        _queries = queries;
        _byRefreshToken = Shared<byte[], OwnedSession>(contexts, queries.ByRefreshTokens, owned => owned.Session.RefreshTokenHash!, BytesComparer.Instance);
        _byId = Shared<Guid, OwnedSession>(contexts, queries.ByIds, owned => owned.Session.Id);
        _viewById = Shared<Guid, SessionView>(contexts, queries.ViewsByIds, view => view.Owned.Session.Id);
        _principalOfToken = new(contexts, (db, tokens) => db.AskAsync(PrincipalsOfTokensAsync, tokens));
    }

    public Task<OwnedSession?> ByRefreshTokenAsync(AuthDbContext db, byte[] hash) =>
        IsShared(db) ? _byRefreshToken.AskAsync(hash) : _queries.ByRefreshToken(db, hash);

    public Task<OwnedSession?> ByIdAsync(AuthDbContext db, Guid id) =>
        IsShared(db) ? _byId.AskAsync(id) : _queries.ById(db, id);

    public Task<SessionView?> ViewByIdAsync(AuthDbContext db, Guid id) =>
        IsShared(db) ? _viewById.AskAsync(id) : _queries.ViewById(db, id);

    public Task<Principal?> PrincipalOfTokenAsync(AuthDbContext db, string id, byte[] fingerprint) =>
        IsShared(db) ? _principalOfToken.AskAsync(new TokenQuestion(id, fingerprint)) : _queries.PrincipalOfToken(db, id, fingerprint);

    private static bool IsShared(AuthDbContext db) => db.IsPostgres && db.Database.CurrentTransaction is null;

    private static SharedStatement<TKey, T?> Shared<TKey, T>(
        IDbContextFactory<AuthDbContext> contexts, Func<AuthDbContext, TKey[], IAsyncEnumerable<T>> query, Func<T, TKey> keyOf, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
        where T : class
    {
        return new(contexts, (db, keys) => db.AskAsync(FindAsync, keys));

        async Task<IReadOnlyList<T?>> FindAsync(AuthDbContext db, IReadOnlyList<TKey> keys)
        {
            var found = new Dictionary<TKey, T>(keys.Count, comparer);
            await foreach (var row in query(db, [.. keys]))
                found[keyOf(row)] = row;
            return [.. keys.Select(found.GetValueOrDefault)];
        }
    }

    private async Task<IReadOnlyList<Principal?>> PrincipalsOfTokensAsync(AuthDbContext db, IReadOnlyList<TokenQuestion> tokens)
    {
        var principals = new Dictionary<string, Principal>(StringComparer.Ordinal);
        var revoked = new HashSet<byte[]>(BytesComparer.Instance);
        string[] ids = [.. tokens.Select(token => token.Id).Distinct(StringComparer.Ordinal)];
        byte[][] fingerprints = [.. tokens.Select(token => token.Fingerprint).Distinct(BytesComparer.Instance)];
        await foreach (var row in _queries.PrincipalsOfTokens(db, ids, fingerprints))
        {
            principals[row.Principal.Id] = row.Principal;
            if (row.Revoked is not null)
                revoked.Add(row.Revoked);
        }

        return [.. tokens.Select(token => revoked.Contains(token.Fingerprint) ? null : principals.GetValueOrDefault(token.Id))];
    }

    private readonly record struct TokenQuestion(string Id, byte[] Fingerprint);
}

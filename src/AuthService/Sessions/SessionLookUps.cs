using AuthService.Principals;
using AuthService.Sessions.Products;
using AuthService.Sessions.Revoking;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>
/// Finds single sessions and their principals, which nearly every request needs: one round trip by one index, batched. The queries are compiled once. A
/// compiled query belongs to one model, and so to one host, which is why the fields are not static.
/// </summary>
/// <remarks>
/// A hash may be null, so each query says that it is not. Otherwise EF Core adds a search for null, for which the store reads every row without a hash.
/// </remarks>
internal sealed class SessionLookUps(BatchConnections connections)
{
    public StatementBatcher<byte[], SessionWithPrincipals?> ByRefreshToken { get; } = Create<byte[], SessionWithPrincipals>(
        connections,
        EF.CompileAsyncQuery((AuthDbContext db, byte[][] hashes) => db.Set<Session>().AsNoTracking()
            .Where(s => s.RefreshTokenHash != null && hashes.Contains(s.RefreshTokenHash))
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new SessionWithPrincipals(row.s, row.p, a))),
        owned => owned.Session.RefreshTokenHash!,
        BytesComparer.Instance);

    public StatementBatcher<Guid, SessionWithPrincipals?> ById { get; } = Create<Guid, SessionWithPrincipals>(
        connections,
        EF.CompileAsyncQuery((AuthDbContext db, Guid[] ids) => db.Set<Session>().AsNoTracking()
            .Where(s => ids.Contains(s.Id))
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new SessionWithPrincipals(row.s, row.p, a))),
        owned => owned.Session.Id);

    public StatementBatcher<Guid, SessionDetails?> DetailsById { get; } = Create<Guid, SessionDetails>(
        connections,
        EF.CompileAsyncQuery((AuthDbContext db, Guid[] ids) => db.Set<Session>().AsNoTracking()
            .Where(s => ids.Contains(s.Id))
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new SessionDetails(
                new SessionWithPrincipals(row.s, row.p, a),
                db.Set<ProductAccess>().Where(access => access.SessionId == row.s.Id).Select(access => access.Product).ToList()))),
        details => details.Owned.Session.Id);

    /// <summary>Finds a principal by id, to check the services that extended a session or a token.</summary>
    public StatementBatcher<string, Principal?> Extender { get; } = Create<string, Principal>(
        connections,
        EF.CompileAsyncQuery((AuthDbContext db, string[] ids) => db.Set<Principal>().AsNoTracking().Where(p => ids.Contains(p.Id))),
        principal => principal.Id,
        StringComparer.Ordinal);

    /// <summary>Finds an ended session by its refresh token, also when its record is past its end and waits for the clean-up.</summary>
    public StatementBatcher<byte[], EndedWithPrincipal?> EndedByRefreshToken { get; } = Create<byte[], EndedWithPrincipal>(
        connections,
        EF.CompileAsyncQuery((AuthDbContext db, byte[][] hashes) => db.Set<EndedSession>().AsNoTracking()
            .Where(ended => ended.RefreshTokenHash != null && hashes.Contains(ended.RefreshTokenHash))
            .Join(db.Set<Principal>(), ended => ended.PrincipalNumber, p => p.Number, (ended, p) => new EndedWithPrincipal(ended, p.Id))),
        ended => ended.Session.RefreshTokenHash!,
        BytesComparer.Instance);

    private static StatementBatcher<TKey, T?> Create<TKey, T>(
        BatchConnections connections, Func<AuthDbContext, TKey[], IAsyncEnumerable<T>> query, Func<T, TKey> keyOf, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
        where T : class
    {
        return new(connections, (store, keys) => store.ReadAsync(db => FindAsync(db, [.. keys])), isNonBlocking: true);

        async Task<IReadOnlyList<T?>> FindAsync(AuthDbContext db, TKey[] keys)
        {
            var found = new Dictionary<TKey, T>(keys.Length, comparer);
            await foreach (var row in query(db, keys))
                found[keyOf(row)] = row;
            return [.. keys.Select(found.GetValueOrDefault)];
        }
    }
}

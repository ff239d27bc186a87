using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Principals;

/// <summary>
/// Finds the services and providers of refresh tokens, batched. Every refresh with a token that no session has needs this, also when somebody floods this
/// service with such tokens. The query is compiled once for one host, which is why the field is not static.
/// </summary>
/// <remarks>
/// Most principals have no hash, so the query says that it is not null. Otherwise EF Core adds a search for null, for which the store reads all of them.
/// </remarks>
internal sealed class RefreshTokenPrincipalLookUp
{
    private readonly Func<AuthDbContext, byte[][], IAsyncEnumerable<Principal>> _query = EF.CompileAsyncQuery(
        (AuthDbContext db, byte[][] hashes) => db.Set<Principal>().AsNoTracking()
            .Where(p => (p.RefreshTokenHash != null && hashes.Contains(p.RefreshTokenHash))
                || (p.PreviousRefreshTokenHash != null && hashes.Contains(p.PreviousRefreshTokenHash))));

    public RefreshTokenPrincipalLookUp(BatchConnections connections) =>
        Batcher = new(connections, (store, hashes) => store.ReadAsync(db => FindAsync(db, [.. hashes])), isNonBlocking: true);

    /// <summary>Finds a principal by the hash of its current or previous refresh token.</summary>
    public StatementBatcher<byte[], Principal?> Batcher { get; }

    private async Task<IReadOnlyList<Principal?>> FindAsync(AuthDbContext db, byte[][] hashes)
    {
        var found = new Dictionary<byte[], Principal>(BytesComparer.Instance);
        await foreach (var principal in _query(db, hashes))
        {
            if (principal.PreviousRefreshTokenHash is { } previous)
                found[previous] = principal;
            if (principal.RefreshTokenHash is { } current)
                found[current] = principal;
        }

        return [.. hashes.Select(found.GetValueOrDefault)];
    }
}

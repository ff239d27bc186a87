using System.Runtime.CompilerServices;
using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.Recovery;

/// <summary>Keeps what people ask for who have forgotten their password.</summary>
internal sealed class RecoveryStore(Store store)
{
    public Task AddAsync(RecoveryRequest request) => store.InsertAsync(request);

    /// <summary>Inside the caller's transaction; instances that do so at the same time get different ones.</summary>
    /// <returns>Null when there is none.</returns>
    public async Task<RecoveryRequest?> TryTakeAsync(DateTimeOffset now)
    {
        var others = store.IsPostgres ? "FOR UPDATE SKIP LOCKED" : "";
        var sql = $$"""
            DELETE FROM recovery_requests
            WHERE id = (SELECT id FROM recovery_requests WHERE expire_at > {0} ORDER BY expire_at LIMIT 1 {{others}})
            RETURNING id AS "Id", folded_email AS "FoldedEmail", ip_address AS "IpAddress", expire_at AS "ExpireAt"
            """;
        var rows = await store.WriteAsync<Row>(FormattableStringFactory.Create(sql, UnixMicroseconds.From(now)));
        return rows is [var row] ? row.ToRequest() : null;
    }

    /// <summary>Several people may have one address.</summary>
    /// <param name="foldedEmail">The address.</param>
    /// <param name="onlyConfirmed">Without those whose address an administrator or an import has set.</param>
    /// <param name="limit">Of them at most.</param>
    public Task<List<Principal>> FindPeopleAsync(string foldedEmail, bool onlyConfirmed, int limit) => store.ReadAsync(db => db.Set<Principal>().AsNoTracking()
        .Where(p => p.FoldedEmail == foldedEmail && p.Type == PrincipalType.Person && p.State == PrincipalState.Enabled)
        .Where(p => p.EmailVerifiedAt != null || !onlyConfirmed)
        .OrderBy(p => p.Number).Take(limit).ToListAsync());

    /// <summary>Deletes some that nobody came to in time.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<RecoveryRequest>(nameof(RecoveryRequest.ExpireAt), now, limit, cancellation);

    private sealed record Row(Guid Id, string FoldedEmail, string? IpAddress, long ExpireAt)
    {
        public RecoveryRequest ToRequest() => new()
        {
            Id = Id,
            FoldedEmail = FoldedEmail,
            IpAddress = IpAddress,
            ExpireAt = UnixMicroseconds.To(ExpireAt),
        };
    }
}

using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.Recovery;

/// <summary>Stores the requests of people who have forgotten their password.</summary>
internal sealed class RecoveryStore(Store store)
{
    public Task AddAsync(RecoveryRequest request) => store.InsertAsync(request);

    /// <summary>Takes one request, inside the caller's transaction. Instances that do so at the same time get different requests.</summary>
    /// <returns>Null when there is none.</returns>
    public async Task<RecoveryRequest?> TryTakeAsync(DateTimeOffset now)
    {
        var rows = await store.WriteAsync<Row>(
            $"""
            DELETE FROM recovery_requests
            WHERE id = (SELECT id FROM recovery_requests WHERE expire_at > {UnixMicroseconds.From(now)} ORDER BY expire_at LIMIT 1 {store.SkipLocked})
            RETURNING id AS "Id", folded_email AS "FoldedEmail", ip_address AS "IpAddress", expire_at AS "ExpireAt"
            """);
        return rows is [var row] ? row.ToRequest() : null;
    }

    /// <summary>Finds the enabled people who have an address. Several people may share one.</summary>
    /// <param name="foldedEmail">The folded address.</param>
    /// <param name="onlyConfirmed">Whether to omit people who have not confirmed the address, such as when an administrator or an import has set it.</param>
    /// <param name="limit">The most people to return.</param>
    public Task<List<Principal>> FindPeopleAsync(string foldedEmail, bool onlyConfirmed, int limit) => store.ReadAsync(db => db.Set<Principal>().AsNoTracking()
        .Where(p => p.FoldedEmail == foldedEmail && p.Type == PrincipalType.Person && p.State == PrincipalState.Enabled)
        .Where(p => p.EmailVerifiedAt != null || !onlyConfirmed)
        .OrderBy(p => p.Number).Take(limit).ToListAsync());

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

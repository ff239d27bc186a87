using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Notices;

/// <summary>Keeps the links of notices.</summary>
internal sealed class NoticeLinkStore(Store store)
{
    /// <summary>Inside the caller's transaction.</summary>
    public Task AddAsync(NoticeLink link) => store.InsertAsync(link);

    /// <returns>Whose link it is; null when it is unknown or used up.</returns>
    public Task<long?> FindPersonAsync(byte[] tokenHash) => store.ReadAsync(db => db.Set<NoticeLink>()
        .Where(link => link.TokenHash == tokenHash).Select(link => (long?)link.PrincipalNumber).FirstOrDefaultAsync());

    /// <summary>Uses a link up as it is read; inside the caller's transaction.</summary>
    /// <returns>Null when it is unknown, used up or expired.</returns>
    public async Task<NoticeLink?> TryTakeAsync(byte[] tokenHash, DateTimeOffset now)
    {
        var rows = await store.WriteAsync<Row>(
            $"""
            DELETE FROM notice_links WHERE token_hash = {tokenHash} AND expire_at > {UnixMicroseconds.From(now)}
            RETURNING principal_number AS "PrincipalNumber", address AS "Address", passkey_id AS "PasskeyId", removes_totp AS "RemovesTotp",
                      identity_id AS "IdentityId", expire_at AS "ExpireAt"
            """);
        return rows is [var row] ? row.ToLink(tokenHash) : null;
    }

    /// <summary>
    /// Deletes those of the same person that were sent at the same time or later. They may have gone to an address that a stranger gave; what they
    /// would undo is undone with this one.
    /// </summary>
    public Task DeleteLaterAsync(NoticeLink link) => store.WriteAsync(
        $"DELETE FROM notice_links WHERE principal_number = {link.PrincipalNumber} AND expire_at >= {UnixMicroseconds.From(link.ExpireAt)}");

    public Task DeleteAllAsync(long person) => store.WriteAsync($"DELETE FROM notice_links WHERE principal_number = {person}");

    /// <summary>Deletes some that have expired.</summary>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        store.DeleteBatchAsync<NoticeLink>(nameof(NoticeLink.ExpireAt), now, limit, cancellation);

    private sealed record Row(long PrincipalNumber, string Address, Guid? PasskeyId, bool RemovesTotp, Guid? IdentityId, long ExpireAt)
    {
        public NoticeLink ToLink(byte[] tokenHash) => new()
        {
            TokenHash = tokenHash,
            PrincipalNumber = PrincipalNumber,
            Address = Address,
            PasskeyId = PasskeyId,
            RemovesTotp = RemovesTotp,
            IdentityId = IdentityId,
            ExpireAt = UnixMicroseconds.To(ExpireAt),
        };
    }
}

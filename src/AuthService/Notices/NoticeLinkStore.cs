using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Notices;

/// <summary>Stores the links of notices.</summary>
internal sealed class NoticeLinkStore(Store store)
{
    /// <summary>Stores a link, inside the caller's transaction.</summary>
    public Task AddAsync(NoticeLink link) => store.InsertAsync(link);

    /// <returns>The number of the person; null when the link is unknown or was used.</returns>
    public Task<long?> FindPersonAsync(byte[] tokenHash) => store.ReadAsync(db => db.Set<NoticeLink>()
        .Where(link => link.TokenHash == tokenHash).Select(link => (long?)link.PrincipalNumber).FirstOrDefaultAsync());

    /// <summary>Deletes a link as it is read, inside the caller's transaction, so that it is used only once.</summary>
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
    /// Deletes the person's links that were sent at the same time or later. They may have gone to an address of an attacker. What they would undo
    /// is undone with this link.
    /// </summary>
    public Task DeleteLaterAsync(NoticeLink link) => store.WriteAsync(
        $"DELETE FROM notice_links WHERE principal_number = {link.PrincipalNumber} AND expire_at >= {UnixMicroseconds.From(link.ExpireAt)}");

    public Task DeleteAllAsync(long person) => store.WriteAsync($"DELETE FROM notice_links WHERE principal_number = {person}");

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

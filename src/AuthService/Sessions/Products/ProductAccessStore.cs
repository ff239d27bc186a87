using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.Rules;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.Products;

/// <summary>Stores which sessions are enabled for which products. Transactions that count a person's sessions run one after the other.</summary>
internal sealed class ProductAccessStore(Store store, TimeProvider clock)
{
    /// <summary>
    /// Runs a transaction that counts a person's sessions. Others that count them wait until it ends, on this and every other instance. The caller is locked
    /// after that wait.
    /// </summary>
    public Task<T> WhileCountingAsync<T>(long principalNumber, AuditActor by, Func<DateTimeOffset, Task<T>> unit) => store.InTransactionAsync(async () =>
    {
        await store.TryHoldAsync($"principals WHERE number = {principalNumber}", RowLock.Exclusive);
        return await store.InTransactionOfAsync(by, clock, unit);
    });

    /// <summary>Lists the other active sessions that count against the person's limit; those that have had access longest come first.</summary>
    public Task<List<Guid>> ListOthersAsync(Session session, string product, DateTimeOffset now) => store.ReadAsync(db => db.Set<ProductAccess>()
        .Where(access => access.Product == product && access.SessionId != session.Id)
        .Join(db.ActiveSessions(now), access => access.SessionId, s => s.Id, (access, s) => new { access, s })
        .Where(row => row.s.PrincipalNumber == session.PrincipalNumber && !row.s.MobileDevice)
        .OrderBy(row => row.access.GrantedAt).ThenBy(row => row.s.Id)
        .Select(row => row.s.Id)
        .ToListAsync());

    /// <summary>
    /// Removes the access of the person's sessions that no longer count, inside the caller's transaction. An instance with a clock that is behind may still
    /// find one of them active. Its next use would keep it active beside the session that takes its place.
    /// </summary>
    public Task DeleteInactiveAsync(Session session, string product, DateTimeOffset now) => store.WriteAsync(db => db.Set<ProductAccess>()
        .Where(access => access.Product == product && access.SessionId != session.Id
            && db.Set<Session>().Any(s => s.Id == access.SessionId && s.PrincipalNumber == session.PrincipalNumber)
            && !db.ActiveSessions(now).Any(s => s.Id == access.SessionId))
        .ExecuteDeleteAsync());

    /// <summary>Removes access from sessions, inside the caller's transaction.</summary>
    public async Task WithdrawAsync(IReadOnlyCollection<Guid> sessionIds, string product, Func<Guid, AuditEntry> entry)
    {
        await store.WriteAsync(db => db.Set<ProductAccess>()
            .Where(access => access.Product == product && sessionIds.Contains(access.SessionId))
            .ExecuteDeleteAsync());
        await store.InsertAsync([.. sessionIds.Select(entry)]);
    }

    /// <summary>Grants access. A session that already has it keeps its original time, by which the oldest are chosen.</summary>
    public async Task GrantAsync(Guid sessionId, string product, DateTimeOffset now, AuditEntry entry)
    {
        await store.WriteAsync(
            $"""
            INSERT INTO product_accesses (session_id, product, granted_at) VALUES ({sessionId}, {product}, {UnixMicroseconds.From(now)})
            ON CONFLICT (session_id, product) DO NOTHING
            """);
        await store.InsertAsync(entry);
    }
}

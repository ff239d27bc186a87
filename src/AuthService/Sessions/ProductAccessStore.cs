using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions;

/// <summary>Which sessions are enabled for which products. The counting statements expect the person to be locked.</summary>
internal sealed class ProductAccessStore(AuthDbContext db)
{
    /// <summary>Makes every other transaction that asks for this person wait, on this and on every other instance. In SQLite a transaction does so by itself.</summary>
    public Task LockPersonAsync(long principalNumber) => db.IsPostgres
        ? db.Database.ExecuteSqlAsync($"SELECT 1 FROM principals WHERE number = {principalNumber} FOR NO KEY UPDATE")
        : Task.CompletedTask;

    /// <summary>The other living sessions that count against the person's limit, those that have had access longest first.</summary>
    public Task<List<Guid>> ListOthersAsync(Session session, string product, DateTimeOffset now) => db.Set<ProductAccess>()
        .Where(access => access.Product == product && access.SessionId != session.Id)
        .Join(db.Set<Session>(), access => access.SessionId, s => s.Id, (access, s) => new { access, s })
        .Where(row => row.s.PrincipalNumber == session.PrincipalNumber && row.s.SecurityStamp == session.SecurityStamp && !row.s.MobileDevice
            && row.s.State == SessionState.Enabled && row.s.SuspendAt > now && row.s.ExpireAt > now)
        .OrderBy(row => row.access.GrantedAt).ThenBy(row => row.s.Id)
        .Select(row => row.s.Id)
        .ToListAsync();

    public Task WithdrawAsync(IReadOnlyCollection<Guid> sessionIds, string product) => db.Set<ProductAccess>()
        .Where(access => access.Product == product && sessionIds.Contains(access.SessionId))
        .ExecuteDeleteAsync();

    /// <summary>A session that has access keeps it and its place in the line.</summary>
    public Task GrantAsync(Guid sessionId, string product, DateTimeOffset now) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO product_accesses (session_id, product, granted_at) VALUES ({sessionId}, {product}, {UnixMicroseconds.From(now)})
        ON CONFLICT (session_id, product) DO NOTHING
        """);
}

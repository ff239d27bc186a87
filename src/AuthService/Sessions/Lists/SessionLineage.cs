using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.Revoking;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Sessions.Lists;

/// <summary>A stored session, a session that ended within a week, or an older sign-in from which a session is still stored.</summary>
/// <param name="Id">The id of the session.</param>
/// <param name="RootId">The session of the sign-in that it came from; its own id when it is the sign-in.</param>
/// <param name="Principal">The id of its principal.</param>
internal sealed record LineageOrigin(Guid Id, Guid RootId, string Principal);

/// <summary>Everything that came from one sign-in.</summary>
/// <param name="Sessions">The stored sessions.</param>
/// <param name="Ended">The sessions that ended within a week.</param>
/// <param name="Tokens">The audit entry for each one-time or extended token without a session of its own that was issued within a week, newest first.</param>
internal sealed record Lineage(
    IReadOnlyList<SessionWithPrincipals> Sessions, IReadOnlyList<EndedWithPrincipal> Ended, IReadOnlyList<AuditEntry> Tokens);

/// <summary>Finds the sessions and tokens that came from a session.</summary>
internal sealed class SessionLineage(Store store, TimeProvider clock)
{
    /// <summary>The limit for each kind; the newest are listed.</summary>
    private const int Most = 1_000;

    /// <returns>Null when no such session is stored, none ended within a week, and nothing that came from it is stored.</returns>
    public async Task<LineageOrigin?> FindOriginAsync(Guid id)
    {
        var now = clock.GetUtcNow();
        return await store.ReadAsync(db => db.Set<Session>().Where(s => s.Id == id && s.ExpireAt > now)
                .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new LineageOrigin(s.Id, s.RootId ?? s.Id, p.Id))
                .FirstOrDefaultAsync())
            ?? await store.ReadAsync(db => db.Set<EndedSession>().Where(e => e.Id == id && e.ExpireAt > now)
                .Join(db.Set<Principal>(), e => e.PrincipalNumber, p => p.Number, (e, p) => new LineageOrigin(e.Id, e.RootId ?? e.Id, p.Id))
                .FirstOrDefaultAsync())
            ?? await store.ReadAsync(db => db.Set<Session>().Where(s => s.RootId == id && s.ExpireAt > now)
                .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new LineageOrigin(id, id, p.Id))
                .FirstOrDefaultAsync());
    }

    /// <summary>Lists the whole tree to which the session belongs.</summary>
    public async Task<Lineage> ListAsync(LineageOrigin origin)
    {
        var (root, now) = (origin.RootId, clock.GetUtcNow());
        var sessions = await store.ReadAsync(db => db.Set<Session>().AsNoTracking()
            .Where(s => (s.Id == root || s.RootId == root) && s.ExpireAt > now).OrderByDescending(s => s.Id).Take(Most)
            .Join(db.Set<Principal>(), s => s.PrincipalNumber, p => p.Number, (s, p) => new { s, p })
            .LeftJoin(db.Set<Principal>(), row => row.s.ActorNumber, a => a.Number, (row, a) => new SessionWithPrincipals(row.s, row.p, a))
            .ToListAsync());
        var ended = await store.ReadAsync(db => db.Set<EndedSession>().AsNoTracking()
            .Where(e => (e.Id == root || e.RootId == root) && e.ExpireAt > now).OrderByDescending(e => e.Id).Take(Most)
            .Join(db.Set<Principal>(), e => e.PrincipalNumber, p => p.Number, (e, p) => new EndedWithPrincipal(e, p.Id))
            .ToListAsync());
        Guid[] ids = [.. sessions.Select(owned => owned.Session.Id), .. ended.Select(one => one.Session.Id)];
        return new Lineage(sessions, ended, await ListTokensAsync(ids, now - EndedSession.Lifetime));
    }

    private Task<List<AuditEntry>> ListTokensAsync(Guid[] sessions, DateTimeOffset since) =>
        store.ReadAsync(db => db.Set<AuditEntry>().AsNoTracking()
            .Where(e => e.Event == AuditEvents.OneTimeTokenIssued || e.Event == AuditEvents.TokenExtended)
            .Where(e => e.SessionId != null && sessions.Contains(e.SessionId.Value) && e.At >= since && e.Outcome == AuditOutcome.Success)
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Number).Take(Most)
            .ToListAsync());
}

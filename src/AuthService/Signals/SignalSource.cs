using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions.Revoking;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.Signals;

/// <summary>Finds the events for audit entries, with facts that the entries do not contain: current claims and the sessions that ended.</summary>
internal sealed class SignalSource(Store store, IOptionsMonitor<JwtOptions> options)
{
    /// <summary>
    /// The most sessions reported one by one when they end together. Beyond it, up to as many principals are reported; beyond that, everybody.
    /// </summary>
    private const int MostEnded = 1_000;

    private static readonly EndReason[] ByTime = [EndReason.Idle, EndReason.Expired];

    /// <summary>Finds the events of each entry; entries without events are omitted.</summary>
    public async IAsyncEnumerable<(AuditEntry Entry, IReadOnlyList<Signal> Signals)> FindAsync(IReadOnlyList<AuditEntry> entries)
    {
        var mapping = new SignalMapping(options.CurrentValue.Issuer);
        var principals = await ListPrincipalsAsync(entries);
        foreach (var entry in entries.Where(entry => entry.Outcome is AuditOutcome.Success))
        {
            var ended = SignalMapping.MayEndSeveral(entry) ? await ListEndedAsync(entry.Position!.Value) : [];
            var facts = new SignalFacts(entry, Find(entry.Principal), Find(entry.Actor)?.Type, ended);
            if (mapping.Of(facts) is { Count: > 0 } signals)
                yield return (entry, signals);
        }

        Principal? Find(string? id) => id is null ? null : principals.GetValueOrDefault(id);
    }

    private async Task<Dictionary<string, Principal>> ListPrincipalsAsync(IReadOnlyList<AuditEntry> entries)
    {
        string[] folded = [.. entries.SelectMany(entry => new[] { entry.Principal, entry.Actor }).OfType<string>().Distinct(StringComparer.Ordinal)
            .Select(PrincipalName.Fold)];
        var found = await store.ReadAsync(db => db.Set<Principal>().AsNoTracking().Where(p => folded.Contains(p.FoldedId)).ToListAsync());
        return found.ToDictionary(principal => principal.Id, StringComparer.Ordinal);
    }

    /// <summary>
    /// Lists the sessions that ended with the entry at this position. In PostgreSQL one transaction has one position. In SQLite the entry is written last in
    /// its transaction, so the sessions that it ended are between the entry before it and itself.
    /// </summary>
    private Task<List<EndedSessionScope>> ListEndedAsync(long position) => store.ReadAsync(async db =>
    {
        var first = store.IsPostgres
            ? position
            : (await db.Set<AuditEntry>().Where(entry => entry.Position < position).MaxAsync(entry => entry.Position) ?? 0) + 1;
        var ended = db.Set<EndedSession>().Where(ended => ended.Position >= first && ended.Position <= position && !ByTime.Contains(ended.Reason));
        var sessions = await ended.Join(db.Set<Principal>(), ended => ended.PrincipalNumber, p => p.Number, (ended, p) => new EndedSessionScope(p.Id, ended.Id))
            .Take(MostEnded + 1).ToListAsync();
        if (sessions.Count <= MostEnded)
            return sessions;
        store.AllowLongStatements();
        return await ListOwnersAsync(db, ended);
    });

    private static async Task<List<EndedSessionScope>> ListOwnersAsync(AuthDbContext db, IQueryable<EndedSession> ended)
    {
        var owners = await ended.Select(session => session.PrincipalNumber).Distinct().Take(MostEnded + 1)
            .Join(db.Set<Principal>(), number => number, p => p.Number, (_, p) => new EndedSessionScope(p.Id, null)).ToListAsync();
        return owners.Count <= MostEnded ? owners : [new EndedSessionScope(Principal: null, Session: null)];
    }
}

using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AuthService.Signals;

/// <summary>Finds what audit entries are told as, with what they leave open: whose claims are what now, and which sessions ended.</summary>
internal sealed class SignalSource(Store store, IOptionsMonitor<JwtOptions> options)
{
    /// <summary>Up to so many sessions that end at once are told one by one; of more, up to so many people; otherwise everybody.</summary>
    private const int MostEnded = 1_000;

    private static readonly EndReason[] ByTime = [EndReason.Idle, EndReason.Expired];

    /// <summary>Entries that nobody is told of are left out.</summary>
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
    /// In PostgreSQL what one transaction wrote has one position. In SQLite the entry is written last of its transaction, so what it ended stands
    /// between the entry before it and itself.
    /// </summary>
    private Task<List<EndedWith>> ListEndedAsync(long position) => store.ReadAsync(async db =>
    {
        var first = store.IsPostgres
            ? position
            : (await db.Set<AuditEntry>().Where(entry => entry.Position < position).MaxAsync(entry => entry.Position) ?? 0) + 1;
        var ended = db.Set<EndedSession>().Where(ended => ended.Position >= first && ended.Position <= position && !ByTime.Contains(ended.Reason));
        var sessions = await ended.Join(db.Set<Principal>(), ended => ended.PrincipalNumber, p => p.Number, (ended, p) => new EndedWith(p.Id, ended.Id))
            .Take(MostEnded + 1).ToListAsync();
        if (sessions.Count <= MostEnded)
            return sessions;
        store.AllowLongStatements();
        return await ListOwnersAsync(db, ended);
    });

    private static async Task<List<EndedWith>> ListOwnersAsync(AuthDbContext db, IQueryable<EndedSession> ended)
    {
        var owners = await ended.Select(session => session.PrincipalNumber).Distinct().Take(MostEnded + 1)
            .Join(db.Set<Principal>(), number => number, p => p.Number, (_, p) => new EndedWith(p.Id, null)).ToListAsync();
        return owners.Count <= MostEnded ? owners : [new EndedWith(Principal: null, Session: null)];
    }
}

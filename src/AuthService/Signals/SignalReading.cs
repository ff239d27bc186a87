using AuthService.Audit;

namespace AuthService.Signals;

/// <summary>Makes SETs of what the audit log says, in the order of its commits: in one transaction with how far it has come.</summary>
internal sealed class SignalReading(EventReader reader, SignalStreamStore streams, SignalSource source, WaitingSetStore sets)
{
    /// <summary>Of the reader.</summary>
    public const string Name = "signals";

    private const int AtOnce = 200;

    /// <summary>Reads what there is, while no other instance does.</summary>
    /// <returns>When the oldest entry was written that is still to be read; null when there is none.</returns>
    public Task<DateTimeOffset?> ReadAsync(CancellationToken stopping) => reader.ReadAsync(Name, AtOnce, TakeAsync, stopping);

    private async Task TakeAsync(IReadOnlyList<AuditEntry> entries)
    {
        var listening = await streams.HoldListeningAsync();
        if (listening.Count == 0)
            return;
        var waiting = new List<WaitingSet>();
        await foreach (var (entry, signals) in source.FindAsync(entries))
        {
            var txn = $"{Guid.CreateVersion7(entry.At):N}";
            waiting.AddRange(from owned in listening
                             from signal in signals
                             where owned.Stream.Delivered.Contains(signal.Event, StringComparer.Ordinal)
                             select sets.Create(owned.Stream, signal, txn, entry.At));
        }

        if (waiting.Count > 0)
            await sets.AddAsync(waiting);
    }
}

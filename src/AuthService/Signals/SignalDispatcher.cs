using AuthService.Audit;

namespace AuthService.Signals;

/// <summary>Makes SETs of what the audit log says, in the order of its commits: in one transaction with how far it has come.</summary>
internal sealed class SignalDispatcher(EventReader reader, SignalStreamStore streams, SignalSource source, WaitingSetStore sets)
{
    /// <summary>Of the reader.</summary>
    public const string Name = "signals";

    private const int AtOnce = 200;

    /// <summary>Many sessions may have ended with one entry, and many streams be told.</summary>
    private const int MostWritten = 2_000;

    /// <summary>Reads what there is, while no other instance does.</summary>
    /// <param name="reportUnread">Is told when the oldest entry was written that is still to be read; null when there is none.</param>
    /// <param name="stopping">Stops between two transactions.</param>
    public Task ReadAsync(Action<DateTimeOffset?> reportUnread, CancellationToken stopping) =>
        reader.ReadAsync(Name, AtOnce, TakeAsync, reportUnread, stopping);

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
            if (waiting.Count < MostWritten)
                continue;
            await sets.AddAsync(waiting);
            waiting.Clear();
        }

        await sets.AddAsync(waiting);
    }
}

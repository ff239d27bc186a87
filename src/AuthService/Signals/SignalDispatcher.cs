using AuthService.Audit;

namespace AuthService.Signals;

/// <summary>Creates SETs from the audit log in the order of its commits, in one transaction with the reader's position.</summary>
internal sealed class SignalDispatcher(EventReader reader, SignalStreamStore streams, SignalSource source, WaitingSetStore sets)
{
    /// <summary>The name of the reader.</summary>
    public const string Name = "signals";

    private const int AtOnce = 200;

    /// <summary>The number of SETs to write at once. One entry can have ended many sessions, and many streams can receive it.</summary>
    private const int MostWritten = 2_000;

    /// <summary>Reads the unread entries, unless another instance is reading.</summary>
    /// <param name="reportUnread">Receives the time of the oldest unread entry; null when there is none.</param>
    /// <param name="stopping">Stops the work between two transactions.</param>
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

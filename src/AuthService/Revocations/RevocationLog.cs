using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace AuthService.Revocations;

/// <summary>
/// The revocations that still matter, in the memory of this instance, for all readers of the feed. The <c>RevocationWorker</c> reads it only while there are
/// readers. Revocations beyond the end of the commit order are delivered at once. They may be read again until the end has durably passed them, so they are
/// remembered until then.
/// </summary>
internal sealed class RevocationLog(TimeProvider clock, RevocationWakeUp wanted, RevocationNews news)
{
    /// <summary>How long the log is kept after the last request: longer than a long poll and the pause before the next one.</summary>
    private static readonly TimeSpan KeptWithoutReaders = TimeSpan.FromMinutes(2);

    /// <summary>The number of added entries after which expired ones are removed.</summary>
    private const int AddedBetweenPrunings = 20_000;

    /// <summary>
    /// The time after which PostgreSQL gives a transaction's number to no other. After a crash it gives those again that it had not written to disk. It
    /// writes within 600 ms by default.
    /// </summary>
    private static readonly TimeSpan UntilDurable = TimeSpan.FromSeconds(2);

    /// <summary>The readings of the last seconds, the oldest first.</summary>
    private Queue<(long At, RevocationsRead Read)> _recent = new();

    /// <summary>The entries that may be read again.</summary>
    private readonly HashSet<(long Position, UInt128 Hash)> _beyondEnd = [];
    private readonly RevocationOrder _order = new();
    private RevocationLogEntry[] _entries = [];
    private long _forgottenBelow;
    private int _count;
    private int _addedSincePruning;
    private long _lastSequence;
    private string _name = "";
    private long _lastWanted = long.MinValue / 2;
    private volatile State _state = new(Snapshot: null, Additions: 0, ReadAt: 0, NewReading());

    /// <summary>What was revoked while readers waited.</summary>
    public RevokedLately Lately { get; } = new();

    /// <summary>The current snapshot; null while nobody reads the feed.</summary>
    public RevocationSnapshot? Watched => _state.Snapshot;

    /// <summary>Whether there was a request within the last minutes.</summary>
    public bool IsWanted => Environment.TickCount64 - Volatile.Read(ref _lastWanted) < KeptWithoutReaders.TotalMilliseconds;

    /// <summary>How many times entries were added.</summary>
    public long Additions => _state.Additions;

    /// <summary>
    /// The reading of some seconds ago (SQLite: the last one), without its revocations. What it saw stays as it was, even if the database has crashed since.
    /// Null while nobody reads the feed.
    /// </summary>
    public RevocationsRead? Durable => _recent.TryPeek(out var oldest) ? oldest.Read : null;

    /// <summary>The time since the last reading.</summary>
    public TimeSpan Age => TimeSpan.FromMilliseconds(Environment.TickCount64 - _state.ReadAt);

    /// <summary>
    /// Requests that the log is kept up to date. Returns the current snapshot (null until it has been read), the number of additions so far, and a task that
    /// completes with the next reading.
    /// </summary>
    public (RevocationSnapshot? Snapshot, long Additions, Task Read) Watch()
    {
        var isFirst = !IsWanted;
        Volatile.Write(ref _lastWanted, Environment.TickCount64);
        var state = _state;
        if (isFirst || state.Snapshot is null) // the worker may just have decided that nobody wants the log
            wanted.Raise();
        return (state.Snapshot, state.Additions, state.Read.Task);
    }

    /// <summary>Removes all entries because nobody reads the feed.</summary>
    public void Clear()
    {
        Empty();
        Publish(snapshot: null, isAddition: true);
    }

    /// <summary>Adds the result of a reading. Only the worker calls this.</summary>
    public void Add(RevocationsRead read)
    {
        var isBeginning = _state.Snapshot is not { } known || !read.GoesOnFrom(known);
        if (isBeginning)
            Empty();
        Remember(read);
        var durableEnd = Durable!.End;
        var added = 0;
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, Revocation.Plain);
        foreach (var revocation in read.Revocations)
        {
            var json = revocation.ToJson(buffer, writer);
            var hash = HashOf(json);
            if (!IsNew(revocation.Position, hash, durableEnd))
                continue;
            var place = new RevocationPlace(revocation.Position, (long)(hash >> 65)); // not negative
            Lately.Add(revocation);
            Append(new RevocationLogEntry(++_lastSequence, place, revocation.Until.ToUnixTimeSeconds() + 1, json));
            added++;
        }

        ForgetBelow(durableEnd);
        Prune(added);
        _order.PlaceBelow(durableEnd, _entries);
        Lately.Forget();
        var snapshot = new RevocationSnapshot(read.Epoch, _name, read.End, read.At, _entries.AsMemory(0, _count))
        {
            DurableEnd = durableEnd,
            Placed = _order.Placed,
            Unplaced = _order.Unplaced,
            Since = read.Since,
        };
        Publish(snapshot, added > 0 || isBeginning);
    }

    private static TaskCompletionSource NewReading() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Empty()
    {
        (_entries, _count, _addedSincePruning) = ([], 0, 0);
        _beyondEnd.Clear();
        _order.Clear();
        _recent.Clear();
        _name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    }

    /// <summary>Remembers a reading. An earlier one that came further saw what a crash of the database has undone.</summary>
    private void Remember(RevocationsRead read)
    {
        var now = Environment.TickCount64;
        _recent = new([.. _recent.Where(earlier => earlier.Read.End <= read.End), (now, read with { Revocations = [] })]);
        while (_recent.Count > 1 && (read.Seen is null || now - _recent.ElementAt(1).At >= UntilDurable.TotalMilliseconds))
            _recent.Dequeue();
    }

    /// <summary>Remembers a revocation only when it may be read again, because its position is not below the end.</summary>
    private bool IsNew(long position, UInt128 hash, long end)
    {
        if (position < end)
            return _beyondEnd.Count == 0 || !_beyondEnd.Contains((position, hash));
        return _beyondEnd.Add((position, hash));
    }

    private void ForgetBelow(long end)
    {
        if (end > _forgottenBelow && _beyondEnd.RemoveWhere(key => key.Position < end) > AddedBetweenPrunings)
            _beyondEnd.TrimExcess();
        _forgottenBelow = end;
    }

    private static UInt128 HashOf(byte[] json)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Appends an entry. Snapshots share the array, and none reads beyond its own length.</summary>
    private void Append(RevocationLogEntry entry)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(1024, _count * 2));
        _order.Add(_count);
        _entries[_count++] = entry;
    }

    private void Prune(int added)
    {
        _addedSincePruning += added;
        if (_addedSincePruning < AddedBetweenPrunings)
            return;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var (kept, indexes) = (new List<RevocationLogEntry>(_count), new int[_count]);
        for (var index = 0; index < _count; index++)
        {
            indexes[index] = _entries[index].Until > now ? kept.Count : -1;
            if (indexes[index] >= 0)
                kept.Add(_entries[index]);
        }

        _order.Move(indexes);
        (_entries, _count, _addedSincePruning) = ([.. kept], kept.Count, 0);
    }

    private void Publish(RevocationSnapshot? snapshot, bool isAddition)
    {
        var before = _state;
        _state = new State(snapshot, isAddition ? before.Additions + 1 : before.Additions, Environment.TickCount64, NewReading());
        before.Read.SetResult();
        if (isAddition)
            news.Raise();
    }

    private sealed record State(RevocationSnapshot? Snapshot, long Additions, long ReadAt, TaskCompletionSource Read);
}

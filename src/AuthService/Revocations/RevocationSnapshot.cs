using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace AuthService.Revocations;

/// <summary>An entry of the log.</summary>
/// <param name="Sequence">The unique number in the order of reading.</param>
/// <param name="Place">The place in the order that all instances share.</param>
/// <param name="Until">When it no longer matters, in seconds since 1970.</param>
/// <param name="Json">The JSON that is delivered.</param>
internal readonly record struct RevocationLogEntry(long Sequence, RevocationPlace Place, long Until, byte[] Json);

/// <summary>A response to a reader of the feed.</summary>
/// <param name="Body">The JSON body in UTF-8.</param>
/// <param name="IsEmpty">Whether it contains no revocation.</param>
internal sealed record RevocationAnswer(byte[] Body, bool IsEmpty);

/// <summary>The revocations that an instance knows at one moment. Readers share it, and the bytes of their responses.</summary>
/// <param name="epoch">The epoch of the database.</param>
/// <param name="log">The name of the log.</param>
/// <param name="end">The position below which everything is known. Cursors name an earlier one (<see cref="DurableEnd"/>).</param>
/// <param name="at">The time of the reading.</param>
/// <param name="entries">The entries in the order of their sequence.</param>
internal sealed class RevocationSnapshot(string epoch, string log, long end, DateTimeOffset at, ReadOnlyMemory<RevocationLogEntry> entries)
{
    /// <summary>The number of entries in one response. A new reader gets several responses of half a megabyte each.</summary>
    public const int MostAtOnce = 10_000;

    private const int MostKept = 32;

    private readonly ConcurrentDictionary<RevocationCursor, RevocationAnswer> _answers = new();

    public string Epoch => epoch;

    public string Log => log;

    public long End => end;

    public DateTimeOffset At => at;

    /// <summary>The end of some seconds ago, which holds even if the database crashes (<see cref="RevocationLog"/>).</summary>
    public required long DurableEnd { get; init; }

    /// <summary>The indexes of the entries below <see cref="DurableEnd"/>, in the order that all instances share.</summary>
    public required ReadOnlyMemory<int> Placed { get; init; }

    /// <summary>The indexes of the other entries.</summary>
    public required int[] Unplaced { get; init; }

    /// <summary>The time since which every revocation was read. Earlier ones may have been dropped.</summary>
    public DateTimeOffset Since { get; init; }

    public int Count => entries.Length;

    /// <summary>
    /// Returns whether a reader with this cursor must begin again: the cursor is of another database, or ahead of this one, or so old that entries after it
    /// may have been dropped.
    /// </summary>
    public bool MustRestart(RevocationCursor cursor) =>
        cursor.Epoch != epoch || cursor.Position > end || cursor.ReadAt < Since.ToUnixTimeSeconds();

    /// <summary>Returns the response for a cursor of this database that is not ahead of this snapshot; without a cursor, everything.</summary>
    /// <param name="after">The cursor of the reader; null for none.</param>
    /// <param name="isRestart">Whether the reader had a cursor that could not be used.</param>
    public RevocationAnswer AnswerTo(RevocationCursor? after, bool isRestart)
    {
        var cursor = (after ?? new RevocationCursor(epoch, 0)) with { ReadAt = null }; // readers that came at different times share a response
        if (isRestart)
            return Create(cursor, isRestart);
        if (_answers.TryGetValue(cursor, out var known))
            return known;
        var answer = Create(cursor, isRestart);
        if (_answers.Count < MostKept)
            _answers.TryAdd(cursor, answer);
        return answer;
    }

    private RevocationAnswer Create(RevocationCursor after, bool isRestart)
    {
        var page = after.Place is { } place && place.Log == log ? FindAfter(place.Sequence) : FindFrom(after.From);
        var body = new ArrayBufferWriter<byte>(256);
        body.Write("["u8);
        foreach (var entry in page.Entries)
        {
            if (body.WrittenCount > 1)
                body.Write(","u8);
            body.Write(entry.Json);
        }

        body.Write("]}"u8);
        var cursor = page.Next with { ReadAt = at.ToUnixTimeSeconds() };
        var head = HeadOf(cursor, isRestart, page.IsWhole);
        return new RevocationAnswer([.. Encoding.ASCII.GetBytes(head), .. body.WrittenSpan], page.Entries.Count == 0);
    }

    /// <summary>Finds the entries for a reader that goes on at this instance, in the order in which the instance has read them.</summary>
    private Page FindAfter(long sequence)
    {
        var all = entries.Span;
        var page = new List<RevocationLogEntry>();
        var next = IndexAfter(sequence);
        for (; next < all.Length && page.Count < MostAtOnce; next++)
        {
            if (Matters(all[next]))
                page.Add(all[next]);
        }

        if (next == all.Length)
            return new Page(page, AtEnd(), IsWhole: true);
        var after = new RevocationCursor(epoch, Math.Min(DurableEnd, LowestFrom(next))) { Place = new LogPlace(log, all[next - 1].Sequence) };
        return new Page(page, after, IsWhole: false);
    }

    /// <summary>
    /// Finds the entries for a reader that begins or comes from another instance, in the order that all instances share. So it comes to the end, however
    /// often it changes instances. The few entries without a place come with the last page.
    /// </summary>
    private Page FindFrom(RevocationPlace from)
    {
        var all = entries.Span;
        var page = new List<RevocationLogEntry>();
        foreach (var index in Placed.Span[IndexOf(from)..])
        {
            if (!Matters(all[index]))
                continue;
            if (page.Count == MostAtOnce)
                return new Page(page, RevocationCursor.At(epoch, all[index].Place), IsWhole: false);
            page.Add(all[index]);
        }

        foreach (var index in Unplaced)
        {
            if (Matters(all[index]) && !all[index].Place.IsBefore(from))
                page.Add(all[index]);
        }

        return new Page(page, AtEnd(), IsWhole: true);
    }

    private RevocationCursor AtEnd() => new(epoch, DurableEnd) { Place = new LogPlace(log, entries.IsEmpty ? 0 : entries.Span[^1].Sequence) };

    private bool Matters(RevocationLogEntry entry) => entry.Until > at.ToUnixTimeSeconds();

    private string HeadOf(RevocationCursor cursor, bool isRestart, bool isWhole)
    {
        var now = at.ToUnixTimeMilliseconds() / 1000m;
        var flags = $"{(isWhole ? "" : "\"more\":true,")}{(isRestart ? "\"restarted\":true," : "")}";
        return string.Create(CultureInfo.InvariantCulture, $"{{\"cursor\":\"{cursor}\",\"now\":{now},{flags}\"revoked\":");
    }

    private long LowestFrom(int index)
    {
        var lowest = long.MaxValue;
        foreach (var entry in entries.Span[index..])
            lowest = Math.Min(lowest, entry.Place.Position);
        return lowest;
    }

    private int IndexOf(RevocationPlace from)
    {
        var (low, high) = (0, Placed.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entries.Span[Placed.Span[middle]].Place.IsBefore(from))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private int IndexAfter(long sequence)
    {
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entries.Span[middle].Sequence <= sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <param name="Entries">The entries to deliver.</param>
    /// <param name="Next">The cursor after them.</param>
    /// <param name="IsWhole">Whether nothing comes after them at this moment.</param>
    private sealed record Page(IReadOnlyList<RevocationLogEntry> Entries, RevocationCursor Next, bool IsWhole);
}

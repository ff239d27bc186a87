namespace AuthService.Revocations;

/// <summary>Answers readers of the feed, who wait until there is something for them (long poll).</summary>
internal sealed class RevocationFeed(RevocationLog log, WaitingReaders readers, RevocationMetrics metrics)
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Older knowledge is no answer: the reader would take itself to be up to date.</summary>
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(5);

    /// <param name="after">How far the reader has come; null for one that begins, which is answered at once.</param>
    /// <param name="wait">How long until an answer without revocations, which says that there were none.</param>
    /// <param name="aborted">The reader has hung up.</param>
    /// <returns>JSON in UTF-8; null while the store cannot be read.</returns>
    public async Task<byte[]?> ReadAsync(RevocationCursor? after, TimeSpan wait, CancellationToken aborted)
    {
        using var waiting = metrics.Wait();
        if (await FindSnapshotAsync(after, aborted) is null)
            return null;
        var until = Environment.TickCount64 + (long)(wait < readers.LongestWait ? wait : readers.LongestWait).TotalMilliseconds;
        var isOver = false;
        while (true)
        {
            var (snapshot, additions, _) = log.Watch();
            if (snapshot is null || log.Age > LongestAge)
                return null;
            var isRestart = after is { } cursor && (cursor.Epoch != snapshot.Epoch || cursor.Position > snapshot.End);
            var answer = snapshot.AnswerTo(isRestart ? null : after, isRestart);
            if (!answer.IsEmpty || after is null || isRestart || isOver || until <= Environment.TickCount64)
                return answer.Body;
            isOver = !await readers.WaitAsync(additions, until, aborted);
        }
    }

    /// <summary>
    /// Another instance may have read later than this one: the second reading from now on began after the reader had its cursor. A cursor that is ahead
    /// of that is not of this database. A reader that is sent from one instance to the other hears again what is beyond the end of the commit order,
    /// and waits for a reading, so that it does not ask without a pause while a transaction holds that end up.
    /// </summary>
    private async Task<RevocationSnapshot?> FindSnapshotAsync(RevocationCursor? after, CancellationToken aborted)
    {
        var (snapshot, _, read) = log.Watch();
        for (var readings = 0; snapshot is null || readings < ReadingsDue(snapshot, after); readings++)
        {
            await read.WaitAsync(LongestAge, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!read.IsCompletedSuccessfully)
                return null;
            (snapshot, _, read) = log.Watch();
        }

        return snapshot;
    }

    private static int ReadingsDue(RevocationSnapshot snapshot, RevocationCursor? after) => after switch
    {
        { } cursor when cursor.Epoch == snapshot.Epoch && cursor.Position > snapshot.End => 2,
        { Place: { } place } when place.Log != snapshot.Log => 1,
        _ => 0,
    };
}

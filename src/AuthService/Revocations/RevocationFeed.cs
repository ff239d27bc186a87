namespace AuthService.Revocations;

/// <summary>Answers the readers of the feed, which wait until there are new revocations (long poll).</summary>
internal sealed class RevocationFeed(RevocationLog log, WaitingReaders readers, RevocationMetrics metrics)
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>The greatest age of a snapshot that is delivered. With an older one a reader would wrongly believe that it is up to date.</summary>
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(5);

    /// <param name="after">The cursor of the reader; null for a new reader, which gets a response at once.</param>
    /// <param name="wait">How long to wait before an empty response, which says that there were no revocations.</param>
    /// <param name="aborted">Cancelled when the reader disconnected.</param>
    /// <returns>The JSON in UTF-8; null while the store cannot be read.</returns>
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
            var isRestart = after is { } cursor && snapshot.MustRestart(cursor);
            var answer = snapshot.AnswerTo(isRestart ? null : after, isRestart);
            if (!answer.IsEmpty || after is null || isRestart || isOver || until <= Environment.TickCount64)
                return answer.Body;
            isOver = !await readers.WaitAsync(additions, until, aborted);
        }
    }

    /// <inheritdoc cref="RevokedLately.MayConcern"/>
    public bool MayConcern(string subject, Guid? apiKey, Func<byte[]>? fingerprint, long since) =>
        log.Lately.MayConcern(subject, apiKey, fingerprint, since);

    /// <summary>
    /// Waits for a snapshot that can serve the cursor. The cursor may come from another instance that has read later. The second reading from now on began
    /// after that, so a cursor that is still ahead is from another database. A reader that changes instances gets the entries beyond the end of the commit
    /// order again. It waits for one reading, so that it does not poll without a pause while an open transaction delays that end.
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
        { Place: { IsInOrder: false } place } when place.Log != snapshot.Log => 1,
        _ => 0,
    };
}

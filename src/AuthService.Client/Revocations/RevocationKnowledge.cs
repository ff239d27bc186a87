using Microsoft.Extensions.Options;

namespace AuthService.Client.Revocations;

/// <summary>
/// All that the feed has said, and when it last said it completely. What comes from the beginning is gathered beside what is known, and takes its place once
/// it is complete; until then both refuse.
/// </summary>
internal sealed class RevocationKnowledge(IOptions<AuthServiceBearerOptions> options, TimeProvider clock) : IRevocationStatus
{
    private const long Never = long.MinValue;

    private volatile RevocationSet _current = new();
    private volatile RevocationSet? _next;
    private long _completeSince = Never;
    private (double Now, long At)? _serverClock;

    public TimeSpan? Age => Volatile.Read(ref _completeSince) is var since && since != Never ? clock.GetElapsedTime(since) : null;

    public bool IsStale => !(Age <= options.Value.Revocation?.MaxStaleness);

    public int Entries => Math.Max(_current.Count, _next?.Count ?? 0);

    /// <summary>The next one is read first: it is the current one as well by the time that it is no longer the next one.</summary>
    public bool Refuses(in CheckedToken token) => _next?.Refuses(token) is true || _current.Refuses(token);

    /// <param name="answer">What the feed has said now.</param>
    /// <param name="isFromBeginning">Whether it begins anew.</param>
    /// <returns>How many entries were of a kind that is not known here.</returns>
    public int Take(FeedAnswer answer, bool isFromBeginning)
    {
        if (isFromBeginning)
            _next = new RevocationSet();
        var unknown = (_next ?? _current).Add(answer.Revoked.Select(Revocation.Read));
        _serverClock = (answer.Now, clock.GetTimestamp());
        if (answer.More)
            return unknown;
        if (_next is { } complete)
            (_current, _next) = (complete, null);
        Volatile.Write(ref _completeSince, clock.GetTimestamp());
        return unknown;
    }

    /// <summary>
    /// Drops what is of no use any more, by this machine's clock and AuthService's, whichever is behind: a token is taken for as long as it has not expired by
    /// the clock here and the skew that is allowed.
    /// </summary>
    public void Forget()
    {
        if (_serverClock is not var (now, at))
            return;
        var moment = Math.Min(now + clock.GetElapsedTime(at).TotalSeconds, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds)
            - AuthServiceBearerOptions.LongestClockSkew.TotalSeconds;
        _current.Forget(moment);
        _next?.Forget(moment);
    }
}

using Microsoft.Extensions.Options;

namespace AuthService.Client.Revocations;

/// <summary>
/// All that the feed has said, and when it last said it completely. What it says from the beginning adds to what is known: where a backup was restored, it
/// may have forgotten what was revoked since.
/// </summary>
internal sealed class RevocationKnowledge(IOptions<AuthServiceBearerOptions> options, TimeProvider clock) : IRevocationStatus
{
    private readonly RevocationSet _revoked = new();
    private Moment? _completeSince;
    private (double Now, long At)? _serverClock;

    public TimeSpan? Age => Volatile.Read(ref _completeSince) is { } since ? Since(since) : null;

    public bool IsStale => !(Age <= options.Value.Revocation?.MaxStaleness);

    public int Entries => _revoked.Count;

    public bool Refuses(in CheckedToken token) => _revoked.Refuses(token);

    /// <param name="answer">What the feed has said now.</param>
    /// <returns>How many entries were of a kind that is not known here.</returns>
    public int Take(FeedAnswer answer)
    {
        var unknown = _revoked.Add(answer.Revoked.Select(Revocation.Read));
        _serverClock = (answer.Now, clock.GetTimestamp());
        if (!answer.More)
            Volatile.Write(ref _completeSince, new Moment(clock.GetTimestamp(), clock.GetUtcNow()));
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
        _revoked.Forget(
            Math.Min(now + clock.GetElapsedTime(at).TotalSeconds, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds)
            - AuthServiceBearerOptions.LongestClockSkew.TotalSeconds);
    }

    /// <summary>
    /// The monotonic clock may stand still while a machine sleeps or is moved, and the wall clock may be set back: whichever saw more time pass is believed.
    /// </summary>
    private TimeSpan Since(Moment then)
    {
        var (monotonic, wall) = (clock.GetElapsedTime(then.Timestamp), clock.GetUtcNow() - then.At);
        return monotonic > wall ? monotonic : wall;
    }

    private sealed record Moment(long Timestamp, DateTimeOffset At);
}

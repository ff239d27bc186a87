using Microsoft.Extensions.Options;

namespace AuthService.Client.Revocations;

/// <summary>
/// All that the feed has said, and when it last said it completely. What it says from the beginning adds to what is known: where a backup was restored, it
/// may have forgotten what was revoked since.
/// </summary>
internal sealed class RevocationKnowledge(IOptions<AuthServiceBearerOptions> options, TimeProvider clock) : IRevocationStatus
{
    private const long Never = long.MinValue;

    private readonly RevocationSet _revoked = new();
    private long _completeSince = Never;
    private (double Now, long At)? _serverClock;

    public TimeSpan? Age => Volatile.Read(ref _completeSince) is var since && since != Never ? clock.GetElapsedTime(since) : null;

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
        _revoked.Forget(
            Math.Min(now + clock.GetElapsedTime(at).TotalSeconds, (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds)
            - AuthServiceBearerOptions.LongestClockSkew.TotalSeconds);
    }
}

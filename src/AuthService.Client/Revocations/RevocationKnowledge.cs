using Microsoft.Extensions.Options;

namespace AuthService.Client.Revocations;

/// <summary>
/// Holds the revocations of the feed, and when its last complete answer came. When the feed begins again, its entries add to the known ones: a restored
/// backup may lack what was revoked after it.
/// </summary>
internal sealed class RevocationKnowledge(IOptions<AuthServiceBearerOptions> options, TimeProvider clock) : IRevocationStatus
{
    private readonly RevocationSet _revoked = new();
    private Moment? _completeSince;
    private (double Now, long At)? _serverClock;

    public TimeSpan? Age => Volatile.Read(ref _completeSince) is { } since ? since.Age(clock) : null;

    public bool IsStale => !(Age <= options.Value.Revocation?.MaxStaleness);

    public int Entries => _revoked.Count;

    public bool Refuses(in CheckedToken token) => _revoked.Refuses(token);

    /// <summary>Adds an answer of the feed.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>The number of entries of an unknown kind.</returns>
    public int Take(FeedAnswer answer)
    {
        var unknown = _revoked.Add(answer.Revoked.Select(Revocation.Read));
        _serverClock = (answer.Now, clock.GetTimestamp());
        if (!answer.More)
            Volatile.Write(ref _completeSince, Moment.Now(clock));
        return unknown;
    }

    /// <summary>
    /// Drops the revocations whose tokens have all expired, by the clock of this machine or AuthService's, whichever is behind. Tokens are accepted until the
    /// end of the clock skew.
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

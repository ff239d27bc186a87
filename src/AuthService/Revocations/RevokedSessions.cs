using AuthService.Storage;

namespace AuthService.Revocations;

/// <summary>The sessions that one statement has ended.</summary>
/// <param name="At">The time of the end.</param>
/// <param name="Count">The number of sessions.</param>
/// <param name="Ids">The ids of some of them, at most <see cref="MostIds"/>.</param>
/// <param name="Tokens">Until when their access tokens are valid.</param>
/// <param name="Place">The place of the transaction in the commit order.</param>
internal sealed record RevokedSessions(DateTimeOffset At, int Count, IReadOnlyList<Guid> Ids, EndOfTokens Tokens, CommitPlace Place)
{
    public const int MostIds = 10;

    public static RevokedSessions One(Guid id, DateTimeOffset at, EndOfTokens tokens, CommitPlace place) => new(at, Count: 1, [id], tokens, place);
}

/// <summary>When the last access token of some sessions expires, in microseconds since 1970.</summary>
/// <param name="Known">The end for sessions with a token lifetime of their own, and for tokens that live longer than usual; null when there are none.</param>
/// <param name="UsualNotAfter">The end of the sessions that use the configured token lifetime; null when there are none.</param>
internal readonly record struct EndOfTokens(long? Known, long? UsualNotAfter)
{
    /// <summary>Computes when the last access token expires.</summary>
    /// <param name="at">When the sessions ended.</param>
    /// <param name="usual">The configured lifetime of access tokens.</param>
    public DateTimeOffset Find(DateTimeOffset at, TimeSpan usual)
    {
        var last = UsualNotAfter is { } end ? Math.Min(UnixMicroseconds.From(at + usual), end) : UnixMicroseconds.From(at);
        return UnixMicroseconds.To(Known is { } known ? Math.Max(known, last) : last);
    }
}

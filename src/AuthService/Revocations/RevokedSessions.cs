using AuthService.Storage;

namespace AuthService.Revocations;

/// <summary>Sessions that one statement has ended.</summary>
/// <param name="At">When.</param>
/// <param name="Count">How many.</param>
/// <param name="Ids">Of some of them, at most <see cref="MostIds"/>.</param>
/// <param name="Tokens">Until when their access tokens can be shown.</param>
/// <param name="Place">Of the transaction.</param>
internal sealed record RevokedSessions(DateTimeOffset At, int Count, IReadOnlyList<Guid> Ids, EndOfTokens Tokens, CommitPlace Place)
{
    public const int MostIds = 10;
}

/// <summary>When the last access token of some sessions expires, in microseconds since 1970.</summary>
/// <param name="Known">Of the sessions whose tokens have a lifetime of their own, and of tokens that live longer than usual.</param>
/// <param name="UsualNotAfter">The end of the sessions whose tokens live as long as usual; null when there are none.</param>
internal readonly record struct EndOfTokens(long? Known, long? UsualNotAfter)
{
    /// <param name="at">When the sessions ended.</param>
    /// <param name="usual">How long access tokens live.</param>
    public DateTimeOffset Find(DateTimeOffset at, TimeSpan usual)
    {
        var last = UsualNotAfter is { } end ? Math.Min(UnixMicroseconds.From(at + usual), end) : UnixMicroseconds.From(at);
        return UnixMicroseconds.To(Known is { } known ? Math.Max(known, last) : last);
    }
}

namespace AuthService.Benchmarks.Limits;

/// <summary>Times as the store has them: microseconds since 1970.</summary>
internal static class Moment
{
    public const long Week = 7L * 24 * 60 * 60 * 1_000_000;

    public static long Of(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds() * 1000;
}

/// <summary>The values to write when a session is used.</summary>
internal sealed record UsedSession(Guid Id, long At, long SuspendAt)
{
    public static UsedSession Of(FoundSession session, DateTimeOffset now)
    {
        var at = Moment.Of(now);
        return new UsedSession(session.Id, at, Math.Min(at + session.IdleTimeout * 1000, session.ExpireAt));
    }
}

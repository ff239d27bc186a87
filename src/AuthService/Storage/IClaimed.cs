namespace AuthService.Storage;

/// <summary>A row that only one instance may work on, until its claim expires.</summary>
internal interface IClaimed
{
    long ClaimedUntil { get; }
}

internal static class ClaimedRows
{
    public static bool IsClaimedFor(this IClaimed claimed, TimeSpan duration, DateTimeOffset now) =>
        UnixMicroseconds.From(now + duration) <= claimed.ClaimedUntil;
}

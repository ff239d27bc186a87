namespace AuthService.Storage;

/// <summary>A row that only one instance may work on, until its lease expires. The column is <c>claimed_until</c>.</summary>
internal interface ILeased
{
    long LeasedUntil { get; }
}

internal static class LeasedRows
{
    public static bool IsLeasedFor(this ILeased leased, TimeSpan duration, DateTimeOffset now) =>
        UnixMicroseconds.From(now + duration) <= leased.LeasedUntil;
}

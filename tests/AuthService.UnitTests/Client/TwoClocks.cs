namespace AuthService.UnitTests.Client;

/// <summary>A monotonic clock and a wall clock that go independently, as on a machine that sleeps.</summary>
internal sealed class TwoClocks : TimeProvider
{
    public TimeSpan Monotonic { get; set; } = TimeSpan.FromHours(1);

    public DateTimeOffset Wall { get; set; } = DateTimeOffset.UnixEpoch.AddYears(56);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Monotonic.Ticks;

    public override DateTimeOffset GetUtcNow() => Wall;
}

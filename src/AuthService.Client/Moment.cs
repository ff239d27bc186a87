namespace AuthService.Client;

/// <summary>A moment by both clocks. The monotonic clock may stop while a machine sleeps or is moved, and the wall clock may be set back.</summary>
internal sealed record Moment(long Timestamp, DateTimeOffset At)
{
    public static Moment Now(TimeProvider clock) => new(clock.GetTimestamp(), clock.GetUtcNow());

    /// <summary>Returns the time since then, the longer one of both clocks.</summary>
    public TimeSpan Age(TimeProvider clock)
    {
        var (monotonic, wall) = (clock.GetElapsedTime(Timestamp), clock.GetUtcNow() - At);
        return monotonic > wall ? monotonic : wall;
    }
}

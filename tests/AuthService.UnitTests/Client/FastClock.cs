using System.Diagnostics;

namespace AuthService.UnitTests.Client;

/// <summary>
/// A clock and timers that run eight times as fast as the real ones, so that a test of ten seconds takes little more than one. After <see cref="Hold"/> only
/// <see cref="Advance"/> moves it, and new timers never fire, so that a busy machine does not matter.
/// </summary>
internal sealed class FastClock : TimeProvider
{
    private const int Speed = 8;
    private const long Moving = -1;

    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _heldAt = Moving;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The time since the start, by this clock.</summary>
    public TimeSpan SinceStart => TimeSpan.FromTicks(GetTimestamp());

    public void Hold() => Interlocked.Exchange(ref _heldAt, GetTimestamp());

    public void Advance(TimeSpan time) => Interlocked.Add(ref _heldAt, time.Ticks);

    public override long GetTimestamp() =>
        Interlocked.Read(ref _heldAt) is var held and not Moving ? held : Stopwatch.GetElapsedTime(_began).Ticks * Speed;

    public override DateTimeOffset GetUtcNow() => _start + SinceStart;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, ByRealClock(dueTime), ByRealClock(period));

    private TimeSpan ByRealClock(TimeSpan time) =>
        time <= TimeSpan.Zero ? time : Interlocked.Read(ref _heldAt) is Moving ? time / Speed : Timeout.InfiniteTimeSpan;
}

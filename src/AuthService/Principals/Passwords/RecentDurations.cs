namespace AuthService.Principals.Passwords;

/// <summary>Measures how long the last passwords took, without the wait.</summary>
/// <param name="estimate">The value to use until a password was measured.</param>
internal sealed class RecentDurations(TimeSpan estimate)
{
    private const int Kept = 31;

    private readonly Queue<TimeSpan> _durations = new(Kept);

    /// <summary>The mean, which predicts the total time of many passwords.</summary>
    public TimeSpan Mean { get; private set; } = estimate;

    /// <summary>The median, for comparisons: one delayed password does not change it.</summary>
    public TimeSpan Median { get; private set; } = estimate;

    public void Add(TimeSpan duration)
    {
        if (_durations.Count == Kept)
            _durations.Dequeue();
        _durations.Enqueue(duration);
        var sorted = _durations.Order().ToArray();
        Median = sorted[sorted.Length / 2];
        Mean = TimeSpan.FromTicks(sorted.Sum(known => known.Ticks) / sorted.Length);
    }
}

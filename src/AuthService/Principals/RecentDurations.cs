namespace AuthService.Principals;

/// <summary>How long the last passwords took, without the wait.</summary>
/// <param name="estimate">What holds as long as there was none.</param>
internal sealed class RecentDurations(TimeSpan estimate)
{
    private const int Kept = 31;

    private readonly Queue<TimeSpan> _durations = new(Kept);

    /// <summary>For sums: what many of them take together.</summary>
    public TimeSpan Mean { get; private set; } = estimate;

    /// <summary>For comparisons: one that was held up does not move it.</summary>
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

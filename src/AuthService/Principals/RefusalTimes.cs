using System.Diagnostics;

namespace AuthService.Principals;

/// <summary>
/// How long a wrong password is compared with hashes of each kind that there is, so that a refusal of the quick ones can wait for the
/// slowest: how long a refusal takes must not say whose hash came from elsewhere or is older.
/// </summary>
internal sealed class RefusalTimes
{
    /// <summary>A kind that nobody has tried for so long holds nobody up any more.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>Whatever a stopped process or a dear hash has made of the measures.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <param name="kind">Algorithm and cost.</param>
    /// <param name="took">Without the wait for a core.</param>
    /// <returns>How much longer the refusal has to take.</returns>
    public TimeSpan Add(string kind, TimeSpan took)
    {
        lock (_lock)
        {
            Measure(kind, took);
            var longest = TimeSpan.Zero;
            foreach (var (name, known) in _kinds)
            {
                if (Stopwatch.GetElapsedTime(known.LastSeen) > Memory)
                    _kinds.Remove(name);
                else if (known.Durations.Median > longest)
                    longest = known.Durations.Median;
            }

            return TimeSpan.FromTicks(Math.Clamp((longest - took).Ticks, 0, LongestRest.Ticks));
        }
    }

    private void Measure(string kind, TimeSpan took)
    {
        if (!_kinds.TryGetValue(kind, out var known))
            _kinds.Add(kind, known = new Kind());
        known.Durations.Add(took);
        known.LastSeen = Stopwatch.GetTimestamp();
    }

    private sealed class Kind
    {
        public RecentDurations Durations { get; } = new(TimeSpan.Zero);

        public long LastSeen { get; set; }
    }
}

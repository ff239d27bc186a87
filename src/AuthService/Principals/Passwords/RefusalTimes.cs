using System.Diagnostics;

namespace AuthService.Principals.Passwords;

/// <summary>
/// Measures how long a wrong password takes with each kind of hash in use, so that faster refusals can wait for the slowest kind. Otherwise the time of a
/// refusal would show which account has an imported or older hash.
/// </summary>
internal sealed class RefusalTimes
{
    /// <summary>How long a kind of hash counts after it was last used.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>The longest extra wait, even when a paused process or an expensive hash has distorted the measurements.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <param name="kind">The algorithm and cost.</param>
    /// <param name="took">The time without the wait for a core.</param>
    /// <returns>The extra time that the refusal has to take.</returns>
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

using System.Diagnostics.Metrics;

namespace AuthService.Principals.Passwords;

/// <summary>Measures how much password hashing loads the cores.</summary>
internal sealed class HashingMetrics
{
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly UpDownCounter<int> _waiting;
    private readonly Counter<int> _refused;
    private readonly Histogram<double> _duration;

    public HashingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AuthService.Principals");
        _waiting = meter.CreateUpDownCounter<int>("authservice.password_hashing.waiting", "{password}", "Passwords that wait for a core to be hashed on");
        _refused = meter.CreateCounter<int>(
            "authservice.password_hashing.refused", "{password}", "Passwords that were not hashed because they would have waited too long");
        _duration = meter.CreateHistogram(
            "authservice.password_hashing.duration", "s", "How long hashing or comparing one password took, without the wait", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
    }

    public void WaitBegan() => _waiting.Add(1);

    public void WaitEnded() => _waiting.Add(-1);

    public void Refused() => _refused.Add(1);

    public void Worked(TimeSpan time) => _duration.Record(time.TotalSeconds);
}

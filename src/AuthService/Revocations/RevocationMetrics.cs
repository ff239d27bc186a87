using System.Diagnostics.Metrics;

namespace AuthService.Revocations;

/// <summary>Measures the feed of revocations.</summary>
internal sealed class RevocationMetrics
{
    private int _waiting;

    public RevocationMetrics(IMeterFactory meters, RevocationLog log)
    {
        var meter = meters.Create("AuthService.Revocations");
        meter.CreateObservableGauge(
            "authservice.revocations.readers",
            () => Volatile.Read(ref _waiting),
            "{reader}",
            "Readers of the feed that wait for an answer");
        meter.CreateObservableGauge(
            "authservice.revocations.known",
            () => log.Watched?.Count ?? 0,
            "{revocation}",
            "Revocations in the memory of this instance; 0 while nobody reads the feed");
        meter.CreateObservableGauge(
            "authservice.revocations.age",
            () => log.Watched is null ? 0 : log.Age.TotalSeconds,
            "s",
            "How old the knowledge of this instance is; 0 while nobody reads the feed");
    }

    /// <summary>Counts a waiting reader until the result is disposed.</summary>
    public IDisposable Wait()
    {
        Interlocked.Increment(ref _waiting);
        return new Waiting(this);
    }

    private sealed class Waiting(RevocationMetrics metrics) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref metrics._waiting);
    }
}

using System.Diagnostics.Metrics;

namespace AuthService.Tokens;

/// <summary>Measures the signing keys whenever the metrics are read. There are as many series as configured keys.</summary>
internal sealed class SigningKeyMetrics(IMeterFactory meters, SigningKeyRing ring, TimeProvider clock) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create("AuthService.Tokens");
        meter.CreateObservableGauge(
            "authservice.signing_keys.state", States, "{key}", "1 for each signing key in its state; of the active ones, the one that signs is \"signing\"");
        meter.CreateObservableGauge(
            "authservice.signing_keys.age", Ages, "s", "How long ago each signing key became active, where the settings say when; negative while it is coming");
        meter.CreateObservableGauge(
            "authservice.signing_keys.remaining", Remaining, "s",
            "How long until no key signs, 0 while none does; nothing where the settings give the last key no end");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<long>> States()
    {
        var (keys, now) = (ring.Current, clock.GetUtcNow());
        var signing = keys.FindActive(now);
        return keys.All.Select(key => new Measurement<long>(1, KeyTag(key), StateTag(key == signing ? "signing" : $"{keys.StateOf(key, now)}")));
    }

    private IEnumerable<Measurement<double>> Ages()
    {
        var now = clock.GetUtcNow();
        return ring.Current.All.Where(key => key.ActiveFrom > DateTimeOffset.MinValue)
            .Select(key => new Measurement<double>((now - key.ActiveFrom).TotalSeconds, KeyTag(key)));
    }

    private IEnumerable<Measurement<double>> Remaining()
    {
        var now = clock.GetUtcNow();
        return ring.Current.FindGap(now) is { } gap ? [new Measurement<double>((gap - now).TotalSeconds)] : [];
    }

    private static KeyValuePair<string, object?> KeyTag(SigningKey key) => new("key", key.KeyId);

    private static KeyValuePair<string, object?> StateTag(string state) => new("state", state.ToLowerInvariant());
}

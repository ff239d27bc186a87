using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AuthService.Client.Revocations;

/// <summary>The meter <c>AuthService.Client</c>. Its gauges exist only if the feed of revocations is read.</summary>
internal sealed class RevocationMetrics : IHostedService
{
    public const string MeterName = "AuthService.Client";

    private readonly Meter _meter;
    private readonly IRevocationStatus _status;
    private readonly bool _isRead;
    private readonly Counter<long> _refused;

    public RevocationMetrics(IMeterFactory meters, IRevocationStatus status, IOptions<AuthServiceBearerOptions> options)
    {
        (_meter, _status, _isRead) = (meters.Create(MeterName), status, options.Value.Revocation is not null);
        _refused = _meter.CreateCounter<long>(
            "authservice.client.revocation.refused", "{token}", "Tokens that were not taken: revoked ones, and those of which it could not be told");
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_isRead)
            return Task.CompletedTask;
        _meter.CreateObservableGauge(
            "authservice.client.revocation.staleness", Ages, "s", "How long ago the last complete answer came; nothing before the first one");
        _meter.CreateObservableGauge("authservice.client.revocation.entries", () => _status.Entries, "{revocation}", "Revocations that are remembered");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Count(RevocationVerdict refusal) => _refused.Add(1, new KeyValuePair<string, object?>("reason", NameOf(refusal)));

    private IEnumerable<Measurement<double>> Ages() => _status.Age is { } age ? [new(age.TotalSeconds)] : [];

    private static string NameOf(RevocationVerdict refusal) => refusal is RevocationVerdict.Revoked ? "revoked" : "stale";
}

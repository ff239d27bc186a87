using System.Diagnostics.Metrics;
using AuthService.Audit;

namespace AuthService.Webhooks;

/// <summary>Reports the results of deliveries in the log and the metrics, never with an address, which may contain a secret.</summary>
internal sealed class WebhookReports
{
    private readonly Counter<long> _attempts;
    private readonly Gauge<long> _waiting;
    private readonly Gauge<double> _lag;
    private readonly TimeProvider _clock;
    private IReadOnlyDictionary<Guid, int> _lastWaiting = new Dictionary<Guid, int>();
    private readonly ILogger<WebhookReports> _logger;

    public WebhookReports(IMeterFactory meters, TimeProvider clock, ILogger<WebhookReports> logger)
    {
        var meter = meters.Create("AuthService.Webhooks");
        _attempts = meter.CreateCounter<long>("authservice.webhooks.attempts", "{attempt}", "Attempts to deliver to webhooks, by outcome");
        _waiting = meter.CreateGauge<long>(
            "authservice.webhooks.waiting", "{delivery}", "Deliveries of all instances that waited when they were last counted");
        _lag = meter.CreateGauge<double>("authservice.webhooks.lag", "s", "Age of the oldest audit entry of which no deliveries were made yet");
        (_clock, _logger) = (clock, logger);
    }

    /// <param name="deliveries">The number of waiting deliveries, by webhook.</param>
    /// <returns>The numbers of the previous count.</returns>
    public IReadOnlyDictionary<Guid, int> Waiting(IReadOnlyDictionary<Guid, int> deliveries)
    {
        _waiting.Record(deliveries.Values.Sum(count => (long)count));
        return Interlocked.Exchange(ref _lastWaiting, deliveries);
    }

    /// <param name="oldest">The time of the oldest unread audit entry; null when there is none.</param>
    public void Lag(DateTimeOffset? oldest) => _lag.Record(EventReader.LagOf(oldest, _clock.GetUtcNow()));

    /// <param name="webhook">The webhook as it was before the attempt.</param>
    /// <param name="delivery">The delivery.</param>
    /// <param name="result">The result of the attempt.</param>
    /// <param name="next">The time of the next attempt; null when there is none.</param>
    public void Attempted(Webhook webhook, LeasedDelivery delivery, AttemptResult result, DateTimeOffset? next)
    {
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", result.Outcome));
        if (result.IsSuccess)
            WebhookLog.Delivered(_logger, delivery.Event, webhook.Id, delivery.Id, delivery.Attempts);
        else if (next is { } at)
            WebhookLog.PutOff(_logger, delivery.Id, webhook.Id, delivery.Attempts, at, result.Outcome, result.StatusCode);
        else
            WebhookLog.GivenUp(_logger, delivery.Id, webhook.Id, delivery.Attempts, result.Outcome, result.StatusCode);
        if (result.IsSuccess && webhook.FailingSince is not null)
            WebhookLog.Recovered(_logger, webhook.Id);
        else if (result.CountsAgainstReceiver && webhook.FailingSince is null)
            WebhookLog.Failing(_logger, webhook.Id, result.Outcome, result.StatusCode);
    }

    public void Disabled(Guid webhook, DisabledReason reason) => WebhookLog.Disabled(_logger, webhook, reason);

    public void BrokenOff(Guid webhook, Exception error) => WebhookLog.BrokenOff(_logger, webhook, error);
}

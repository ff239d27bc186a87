using System.Diagnostics.Metrics;
using AuthService.Audit;

namespace AuthService.Webhooks;

/// <summary>Says in the log and by metrics what became of deliveries; never with an address, which may hold a secret.</summary>
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

    /// <param name="deliveries">How many wait, by webhook.</param>
    /// <returns>How many waited at the last count.</returns>
    public IReadOnlyDictionary<Guid, int> Waiting(IReadOnlyDictionary<Guid, int> deliveries)
    {
        _waiting.Record(deliveries.Values.Sum(count => (long)count));
        return Interlocked.Exchange(ref _lastWaiting, deliveries);
    }

    /// <param name="oldest">When the oldest entry was written that is still to be read; null when there is none.</param>
    public void Lag(DateTimeOffset? oldest) => _lag.Record(EventReader.LagOf(oldest, _clock.GetUtcNow()));

    /// <param name="webhook">As it was before the attempt.</param>
    /// <param name="delivery">What was tried.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="next">When it is tried again; null when it is not.</param>
    public void Attempted(Webhook webhook, ClaimedDelivery delivery, AttemptResult result, DateTimeOffset? next)
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

using System.Diagnostics.Metrics;
using AuthService.Audit;

namespace AuthService.Signals;

/// <summary>Reports the results of SETs in the log and the metrics, never with their content or their address.</summary>
internal sealed class SignalReports
{
    private readonly Counter<long> _sets;
    private readonly Gauge<double> _lag;
    private readonly Gauge<long> _waiting;
    private readonly TimeProvider _clock;
    private readonly ILogger<SignalReports> _logger;

    public SignalReports(IMeterFactory meters, TimeProvider clock, ILogger<SignalReports> logger)
    {
        var meter = meters.Create("AuthService.Signals");
        _sets = meter.CreateCounter<long>("authservice.signals.sets", "{attempt}", "Attempts to hand a SET over, by outcome");
        _lag = meter.CreateGauge<double>("authservice.signals.lag", "s", "Age of the oldest audit entry of which no SETs were made yet");
        _waiting = meter.CreateGauge<long>("authservice.signals.waiting", "{set}", "SETs of all instances that waited for their receivers when last counted");
        (_clock, _logger) = (clock, logger);
    }

    /// <summary>Whether the number of waiting SETs is measured; it must be read from the store.</summary>
    public bool WantsWaiting => _waiting.Enabled;

    public void Waiting(long sets) => _waiting.Record(sets);

    /// <param name="oldest">The time of the oldest unread audit entry; null when there is none.</param>
    public void Lag(DateTimeOffset? oldest) => _lag.Record(EventReader.LagOf(oldest, _clock.GetUtcNow()));

    /// <param name="stream">The stream that carried the SET.</param>
    /// <param name="set">The SET.</param>
    /// <param name="failures">The number of failures in a row before this push.</param>
    public void Taken(LeasedStream stream, WaitingSet set, int failures)
    {
        Count("pushed");
        SignalsLog.Pushed(_logger, set.Id, stream.Id);
        if (failures > 0)
            SignalsLog.ReachableAgain(_logger, stream.Id);
    }

    public void Refused(LeasedStream stream, WaitingSet set, string reason)
    {
        Count("refused");
        SignalsLog.Refused(_logger, set.Id, stream.Id, reason);
    }

    /// <inheritdoc cref="Taken"/>
    public void PutOff(LeasedStream stream, WaitingSet set, int failures, string reason)
    {
        Count("put_off");
        if (failures == 0)
            SignalsLog.PutOff(_logger, set.Id, stream.Id, reason);
        else
            SignalsLog.StillPutOff(_logger, set.Id, stream.Id, reason);
    }

    public void NotOpened(LeasedStream stream, Exception error) => SignalsLog.NotOpened(_logger, stream.Id, error);

    public void Polled(int sets) => Count("polled", sets);

    public void Acknowledged(int sets) => Count("acknowledged", sets);

    /// <summary>Reports that a polling receiver does not accept a SET.</summary>
    public void RefusedByPoller(Guid stream, Guid set, string reason)
    {
        Count("refused");
        SignalsLog.Refused(_logger, set, stream, reason);
    }

    private void Count(string outcome, int sets = 1)
    {
        if (sets > 0)
            _sets.Add(sets, new KeyValuePair<string, object?>("outcome", outcome));
    }
}

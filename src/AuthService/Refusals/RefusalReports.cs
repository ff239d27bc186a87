using System.Diagnostics.Metrics;

namespace AuthService.Refusals;

/// <summary>Reports the reason of every refusal in the log and in a metric.</summary>
internal sealed class RefusalReports
{
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;
    private readonly ILogger<RefusalReports> _logger;

    public RefusalReports(IMeterFactory meters, ILogger<RefusalReports> logger)
    {
        var meter = meters.Create("AuthService.Refusals");
        _refused = meter.CreateCounter<long>("authservice.refusals", "{call}", "Calls that were refused, by reason");
        _dropped = meter.CreateCounter<long>("authservice.refusals.dropped", "{call}", "Refused calls of which no row is kept, as there were too many");
        _logger = logger;
    }

    public void Refused(RefusedCall refused)
    {
        _refused.Add(1, new KeyValuePair<string, object?>("reason", refused.Reason));
        RefusalsLog.Refused(_logger, refused.Operation, refused.Reason, refused.Principal, refused.SessionId, refused.TraceId);
    }

    public void Dropped(int refused)
    {
        if (refused > 0)
            _dropped.Add(refused);
    }
}

using System.Diagnostics.Metrics;

namespace AuthService.Sessions;

/// <summary>Counts the sessions that were started, refreshed and ended.</summary>
internal sealed class SessionMetrics
{
    public const string SignedOut = "sign_out";
    public const string Revoked = "revocation";
    public const string PrincipalChanged = "principal_change";
    public const string Expired = "expiry";

    private readonly Counter<long> _started;
    private readonly Counter<long> _refreshes;
    private readonly Counter<long> _ended;
    private readonly Gauge<long> _active;

    public SessionMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AuthService.Sessions");
        _started = meter.CreateCounter<long>("authservice.sessions.started", "{session}", "Sessions that began, by kind");
        _refreshes = meter.CreateCounter<long>("authservice.sessions.refreshes", "{refresh}", "Refreshes, by outcome");
        _ended = meter.CreateCounter<long>("authservice.sessions.ended", "{session}", "Sessions that ended, by reason");
        _active = meter.CreateGauge<long>(
            "authservice.sessions.active", "{session}", "Sessions of all instances that could be used when they were last counted");
    }

    /// <summary>Whether a listener measures the number of active sessions, which has to be read from the store.</summary>
    public bool WantsActive => _active.Enabled;

    public void Active(long sessions) => _active.Record(sessions);

    public void Started(Session session) => _started.Add(1, new KeyValuePair<string, object?>("kind", KindOf(session)));

    public void Refreshed(bool granted) => _refreshes.Add(1, new KeyValuePair<string, object?>("outcome", granted ? "granted" : "refused"));

    /// <param name="sessions">The number of sessions.</param>
    /// <param name="reason">One of the constants above.</param>
    public void Ended(int sessions, string reason)
    {
        if (sessions > 0)
            _ended.Add(sessions, new KeyValuePair<string, object?>("reason", reason));
    }

    private static string KindOf(Session session) => session switch
    {
        { IsDelegated: true } => "delegated",
        { RefreshTokenHash: null } => "opened",
        { Mode: SessionMode.Web } => "web",
        _ => "application",
    };
}

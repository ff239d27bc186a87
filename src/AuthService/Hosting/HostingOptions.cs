using AuthService.Configuration;

namespace AuthService.Hosting;

/// <summary>Section <c>CleanUp</c>.</summary>
internal sealed class CleanUpOptions
{
    public const string Section = "CleanUp";

    /// <summary>How often expired rows are deleted; they never count, deleted or not.</summary>
    [Duration("7.00:00:00", atLeast: "00:00:00.100")]
    [ReadAtStart]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Section <c>Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>How often active sessions are counted for the metric of that name.</summary>
    [Duration("7.00:00:00", atLeast: "00:00:00.100")]
    [ReadAtStart]
    public TimeSpan SessionCountInterval { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Section <c>Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>How long to go on serving as "not ready" after SIGTERM, so that load balancers notice.</summary>
    [Duration("00:10:00", atLeast: "00:00:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);
}

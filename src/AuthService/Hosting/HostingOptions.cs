using AuthService.Configuration;

namespace AuthService.Hosting;

/// <summary>Section <c>CleanUp</c>.</summary>
internal sealed class CleanUpOptions
{
    public const string Section = "CleanUp";

    /// <summary>The interval at which expired rows are deleted. They never count, deleted or not.</summary>
    [Duration("7.00:00:00", atLeast: "00:00:00.100")]
    [ReadAtStart]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Section <c>Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>The interval at which active sessions are counted for the metric of that name.</summary>
    [Duration("7.00:00:00", atLeast: "00:00:00.100")]
    [ReadAtStart]
    public TimeSpan SessionCountInterval { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Section <c>Shutdown</c>.</summary>
internal sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>The time after SIGTERM during which the service reports "not ready" and still serves requests, so that load balancers notice.</summary>
    [Duration("00:10:00", atLeast: "00:00:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);
}

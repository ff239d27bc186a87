using AuthService.Applications;
using AuthService.Configuration;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines the settings: what the service itself would report at its start, and gaps that it would not report.</summary>
internal static class SettingsExamination
{
    private const string Settings = "settings";

    public static IEnumerable<Finding> Examine(IServiceProvider services)
    {
        var faults = StartUp.FindFaults(services);
        foreach (var fault in faults)
            yield return Finding.Wrong(Settings, fault);
        if (faults.Count == 0)
            yield return Finding.Fine(Settings, $"complete, environment \"{services.GetRequiredService<IHostEnvironment>().EnvironmentName}\"");
        var summary = services.GetRequiredService<SettingsSummary>();
        foreach (var unknown in summary.Unknown)
            yield return Finding.Doubtful(Settings, $"{unknown} is no setting of this service");
        foreach (var weakness in services.GetRequiredService<IHostEnvironment>().IsDevelopment() ? [] : summary.Weaknesses)
            yield return Finding.Doubtful(Settings, weakness);
        yield return Finding.Fine("durations", string.Join(", ", summary.Durations));
        foreach (var gap in FindGaps(services))
            yield return gap;
    }

    private static IEnumerable<Finding> FindGaps(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var knowsProxies = ((string[])["ReverseProxy:KnownProxies", "ReverseProxy:KnownNetworks"]).Any(list => configuration.GetSection(list).Exists());
        var isHttps = services.GetRequiredService<IOptions<PublicAddressOptions>>().Value.IsHttps;
        if (isHttps && !ListenAddresses.HaveHttps(configuration) && !knowsProxies)
        {
            yield return Finding.Wrong(
                "forwarded headers",
                "TLS ends in front of this service, but ReverseProxy:KnownProxies names nobody: all callers have the proxy's address and share one limit");
        }

        if (string.IsNullOrEmpty(services.GetRequiredService<IOptions<AppPortalOptions>>().Value.Url))
            yield return Finding.Doubtful("portal", "AppPortal:Url is empty: magic links are refused");
    }
}

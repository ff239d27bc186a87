using System.Diagnostics.Metrics;

namespace AuthService.Configuration;

/// <summary>Logs a summary of the settings at the start. Reports changed settings that were refused in the log and in a metric.</summary>
internal sealed class SettingsLogger(
    IMeterFactory meters, RefusedSettings state, SettingsSummary summary, IHostEnvironment environment, ILogger<SettingsLogger> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        state.OnRefused = fault => ConfigurationLog.Refused(logger, fault);
        ConfigurationLog.Durations(logger, string.Join(", ", summary.Durations));
        foreach (var unknown in summary.Unknown)
            ConfigurationLog.Unknown(logger, unknown);
        foreach (var weakness in environment.IsDevelopment() ? [] : summary.Weaknesses)
            ConfigurationLog.Weakness(logger, weakness);
        meters.Create("AuthService.Configuration").CreateObservableGauge(
            "authservice.settings.refused",
            () => state.Faults.Count,
            "{fault}",
            "Faults of changed settings that were not taken over; 0: the settings that are set are in use");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        state.OnRefused = null;
        return Task.CompletedTask;
    }
}

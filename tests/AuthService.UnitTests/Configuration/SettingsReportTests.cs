using System.Diagnostics.Metrics;
using AuthService.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AuthService.UnitTests.Configuration;

/// <summary>A metric shows how many changed settings are currently rejected.</summary>
public sealed class SettingsReportTests
{
    [Fact]
    public async Task Faults_are_counted_until_they_are_mended()
    {
        using var meters = new UnheardMeters();
        await using var services = new ServiceCollection().BuildServiceProvider();
        var state = new RefusedSettings();
        var report = new SettingsLogger(
            meters, state, new SettingsSummary([], services), new HostingEnvironment { EnvironmentName = "Production" }, NullLogger<SettingsLogger>.Instance);
        await report.StartAsync(CancellationToken.None);

        Assert.Equal(0, Read());
        state.Refuse("Jwt", ["Jwt:AccessTokenLifetime must be a duration", "Jwt:SigningKeys:0:RetireAfter must be a time"]);
        state.Refuse("Sessions", ["Sessions:Lifetime must be a duration"]);
        Assert.Equal(3, Read());
        state.Refuse("Jwt", ["Jwt:AccessTokenLifetime must be a duration"]);
        Assert.Equal(2, Read());
        state.TakeOver("Jwt");
        state.TakeOver("Sessions");
        Assert.Equal(0, Read());
    }

    private static int Read()
    {
        var seen = new List<int>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "authservice.settings.refused")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => seen.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return Assert.Single(seen);
    }
}

using System.Globalization;
using AuthService.Configuration;
using AuthService.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthService.UnitTests.Hosting;

public sealed class DrainingTests
{
    private const string Setting = "Shutdown:DrainDelay";

    /// <summary>The delay may be as long as ten minutes, and may change while the service runs.</summary>
    [Theory]
    [InlineData("00:00:00", "00:01:00")]
    [InlineData("00:01:00", "00:00:05")]
    [InlineData("00:10:00", "00:10:00")]
    public async Task The_host_waits_for_the_drain_delay_and_as_long_as_ever_for_what_runs(string delay, string changed)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(Setting, delay)]).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton<Readiness>()
            .AddSettings<ShutdownOptions>(configuration.GetSection(ShutdownOptions.Section)).AddHostedService<Draining>().BuildServiceProvider();
        var (host, usual) = (services.GetRequiredService<IOptions<HostOptions>>().Value, new HostOptions().ShutdownTimeout);

        await services.GetServices<IHostedService>().OfType<Draining>().Single().StartAsync(CancellationToken.None);
        Assert.Equal(usual + TimeSpan.Parse(delay, CultureInfo.InvariantCulture), host.ShutdownTimeout);

        configuration[Setting] = changed;
        configuration.Reload();
        Assert.Equal(usual + TimeSpan.Parse(changed, CultureInfo.InvariantCulture), host.ShutdownTimeout);
    }
}

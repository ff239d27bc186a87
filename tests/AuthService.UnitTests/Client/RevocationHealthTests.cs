using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>The health check of the knowledge of revocations.</summary>
public sealed class RevocationHealthTests
{
    [Fact]
    public async Task It_fails_until_the_knowledge_is_complete_and_when_it_is_too_old()
    {
        await using var service = await ReadingService.StartAsync(options => options.MaxStaleness = TimeSpan.FromMinutes(1), feed =>
        {
            feed.Revoke("""{"sid":"01900000-0000-7000-8000-000000000001","until":99999999999}""");
            GoAway(feed);
        });
        var early = await service.ProbeAsync();

        service.Feed.Faults.Clear();
        await service.UntilAsync(() => !service.Status.IsStale);
        var fresh = await service.ProbeAsync();
        GoAway(service.Feed);
        await service.UntilAsync(() => service.Status.IsStale);
        var stale = await service.ProbeAsync();

        Assert.Equal((HealthStatus.Degraded, false), (early.Status, early.Data.ContainsKey("ageSeconds")));
        Assert.Equal((HealthStatus.Healthy, 1), (fresh.Status, fresh.Data["entries"]));
        Assert.Equal(HealthStatus.Degraded, stale.Status);
        Assert.True((double)stale.Data["ageSeconds"] > 60);
    }

    private static void GoAway(FeedServer feed)
    {
        for (var i = 0; i < 500; i++)
            feed.Faults.Enqueue(FeedServer.Status(503));
    }
}

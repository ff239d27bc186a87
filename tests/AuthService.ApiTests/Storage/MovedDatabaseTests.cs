using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>A dump of the database on another server of PostgreSQL, whose transactions have lower numbers.</summary>
[Collection("postgres 2")]
public sealed class MovedDatabaseTests(PostgresStore store)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task After_the_next_start_readers_are_told_what_happens_and_nothing_of_before()
    {
        await using var own = await store.Host.StartAnotherAsync();
        var (admin, person) = (await own.AdminTokenAsync(), await own.CreatePersonAsync());
        await own.PostAsync("/admin/webhooks", admin, new { url = "https://hooks.invalid/" }).ExpectAsync(HttpStatusCode.Created);
        await own.LoginAsync(person);
        await UntilAsync(own, deliveries: 1);
        var feed = await own.GetAsync("/revocations", admin).ExpectAsync(HttpStatusCode.OK);
        await own.Database.ExecuteAsync("UPDATE event_readers SET position = position + 1000000000");
        await own.Database.ExecuteAsync("UPDATE audit_events SET position = position + 40");

        await using var started = await own.StartTwinAsync();
        for (var transaction = 0; transaction < 60; transaction++)
            await own.Database.ExecuteAsync("SELECT pg_current_xact_id()");
        var before = await own.Database.CountAsync("webhook_deliveries");
        await own.LoginAsync(person);

        await UntilAsync(own, before + 1);
        Assert.Equal(before + 1, await own.Database.CountAsync("webhook_deliveries"));
        var anew = await started.GetAsync($"/revocations?wait=30&after={feed.Text("cursor")}", admin).ExpectAsync(HttpStatusCode.OK);
        Assert.True(anew.GetProperty("restarted").GetBoolean());
    }

    private static async Task UntilAsync(AuthHost host, long deliveries)
    {
        for (var waited = Stopwatch.StartNew(); await host.Database.CountAsync("webhook_deliveries") < deliveries;)
        {
            Assert.True(waited.Elapsed < Patience, $"There are not {deliveries} deliveries");
            await Task.Delay(50);
        }
    }
}

using System.Diagnostics;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Revocations;
using AuthService.ApiTests.Signals;
using AuthService.Audit;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>The database is moved by a dump to another server of PostgreSQL, which has lower transaction ids.</summary>
[Collection("postgres 2")]
public sealed class MovedDatabaseTests(PostgresStore store)
{
    /// <summary>The number of transactions by which the old server was ahead. Other transactions run on the same server at the same time.</summary>
    private const int Ahead = 20_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task After_the_next_start_readers_are_told_what_happens_and_nothing_of_before()
    {
        await using var own = await store.Host.StartAnotherAsync();
        var (admin, person) = (await own.AdminTokenAsync(), await own.CreatePersonAsync());
        await own.PostAsync("/admin/webhooks", admin, new { url = "https://hooks.invalid/" }).ExpectAsync(HttpStatusCode.Created);
        await own.LoginAsync(person);
        await UntilAsync(own, deliveries: 1);
        var feed = await own.ReadFeedAsync(admin, cursor: null, wait: 0);
        await own.Database.ExecuteAsync("UPDATE event_readers SET position = position + 1000000000");
        await own.Database.ExecuteAsync("UPDATE audit_events SET position = position + 40");

        await using var started = await own.StartTwinAsync();
        for (var transaction = 0; transaction < 60; transaction++)
            await own.Database.ExecuteAsync("SELECT pg_current_xact_id()");
        var before = await own.Database.CountAsync("webhook_deliveries");
        await own.LoginAsync(person);

        await UntilAsync(own, before + 1);
        Assert.Equal(before + 1, await own.Database.CountAsync("webhook_deliveries"));
        var again = await started.ReadFeedAsync(admin, feed.Text("cursor"), wait: 30);
        Assert.True(again.GetProperty("restarted").GetBoolean());
    }

    [Theory]
    [InlineData("webhooks", "webhook_deliveries", "payload")]
    [InlineData("signals", "signal_sets", "claims")]
    public async Task The_first_reader_is_told_nothing_of_before_where_it_is_started_afterwards(string reader, string table, string about)
    {
        await using var own = await store.Host.StartAnotherAsync();
        var (admin, former) = (await own.AdminTokenAsync(), await SignedOutAsync(own));
        await own.Database.ExecuteAsync("DELETE FROM ended_sessions; DELETE FROM identity_revocations"); // the clean-up deletes them after a week
        await own.Database.ExecuteAsync($"UPDATE audit_events SET position = position + {Ahead}");

        await using var started = await own.StartTwinAsync();
        if (reader is "webhooks")
            await own.PostAsync("/admin/webhooks", admin, new { url = "https://hooks.invalid/" }).ExpectAsync(HttpStatusCode.Created);
        else
            await own.SubscribeAsync();
        await Eventually.TrueAsync(async () => await own.CallAsync((EventReader readers) => readers.FindOldestUnreadAsync(reader)) is null);
        await own.Database.ExecuteAsync(
            $"""
            DO $$
            DECLARE passed bigint := (SELECT max(position) FROM audit_events);
            BEGIN
                WHILE pg_current_xact_id()::text::bigint <= passed LOOP COMMIT; END LOOP;
            END $$
            """);
        var later = await SignedOutAsync(own);

        await Eventually.TrueAsync(async () => await own.Database.CountAsync($"{table} WHERE {about} LIKE '%{later}%'") > 0);
        Assert.Equal(0, await own.Database.CountAsync($"{table} WHERE {about} LIKE '%{former}%'"));
    }

    private static async Task<string> SignedOutAsync(AuthHost host)
    {
        var person = await host.CreatePersonAsync();
        await host.PostAsync("/auth/logout", (await host.LoginAsync(person)).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        return person.Id;
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

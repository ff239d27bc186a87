using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Signals;
using AuthService.ApiTests.Webhooks;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// A webhook or stream is deleted while an event is being written for it. The deletion waits, and neither side fails. The tests run on PostgreSQL,
/// where a call can be stopped at the table that it writes.
/// </summary>
public sealed class DeletedWhileToldTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private AuthHost _host = null!;

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(Store.Postgres, WebhookReceiver.Settings);

    [Fact]
    public async Task A_stream_of_shared_signals()
    {
        var deleted = await _host.SubscribeAsync();
        var other = await _host.SubscribeAsync();

        var person = await DeleteMeanwhileAsync(
            "signal_sets", () => _host.DeleteAsync(SignalCalls.At(SignalCalls.Streams, deleted.StreamId), deleted.Token));

        await other.ExpectAsync(SignalCalls.SessionRevoked, person);
        Assert.Equal(0, await _host.Database.CountAsync($"signal_sets WHERE stream_id = '{deleted.StreamId}'"));
        ExpectNoError();
    }

    [Fact]
    public async Task A_webhook()
    {
        var deleted = await _host.CreateWebhookAsync("https://127.0.0.1:9/");
        var other = await _host.CreateWebhookAsync("https://127.0.0.1:9/", "session_revoked", "sign_out");
        var admin = await _host.NewAdminTokenAsync();

        await DeleteMeanwhileAsync("webhook_deliveries", () => _host.DeleteAsync(deleted.Path, admin));

        await _host.DeliveryAsync(other, attempts: 1);
        Assert.Equal(0, await _host.Database.CountAsync($"webhook_deliveries WHERE webhook_id = '{deleted.Id}'"));
        ExpectNoError();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private void ExpectNoError() => Assert.DoesNotContain(_host.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));

    /// <returns>The id of a person who has signed out.</returns>
    private async Task<string> DeleteMeanwhileAsync(string table, Func<Task<HttpResponseMessage>> delete)
    {
        var person = await _host.CreatePersonAsync();
        var session = await _host.LoginAsync(person);
        Task<HttpResponseMessage> deletion;
        await using (var blocked = await BlockedTable.LockAsync(_host.Database, table))
        {
            await _host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
            await blocked.UntilSomebodyWaitsAsync(Patience);
            deletion = delete();
            await UntilTheDeletionWaitsAsync();
        }

        await deletion.ExpectAsync(HttpStatusCode.NoContent);
        return person.Id;
    }

    private Task UntilTheDeletionWaitsAsync() => Eventually.TrueAsync(
        async () => await _host.Database.CountAsync(
            "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'DELETE FROM%'") > 0,
        () => "the deletion waits for nothing");
}

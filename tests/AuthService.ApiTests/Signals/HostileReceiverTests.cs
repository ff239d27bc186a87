using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.Webhooks;
using Microsoft.AspNetCore.Http;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>Receivers of pushed SETs that never respond, respond endlessly, redirect or have moved cannot harm the service.</summary>
public abstract class HostileReceiverTests(AuthHost host)
{
    private const long MostRead = 64 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(HttpStatusCode.Accepted, "", false)]
    [InlineData(HttpStatusCode.BadRequest, "", true)]
    [InlineData(HttpStatusCode.BadRequest, """{"err":"invalid_key","description":" """, true)]
    [InlineData(HttpStatusCode.InternalServerError, "", true)]
    public async Task An_answer_of_a_gigabyte_is_not_read(HttpStatusCode status, string body, bool waits)
    {
        using var receiver = EndlessReceiver.Start(status, body);
        var subscriber = await SubscribeAsync(receiver.Url);
        await VerifyAsync(subscriber);

        Assert.InRange(await receiver.Written.WaitAsync(Patience), 0, MostRead);

        var outcome = waits ? "failures > 0" : "failures = 0 AND claimed_until IS NULL";
        await Eventually.CountsAsync(host, $"signal_streams WHERE id = {IdOf(subscriber)} AND {outcome}", 1);
        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {IdOf(subscriber)}", waits ? 1 : 0);
        await CloseAsync(subscriber);
    }

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    [InlineData(HttpStatusCode.PermanentRedirect)]
    public async Task Redirects_are_not_followed(HttpStatusCode status)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var elsewhere = await WebhookReceiver.StartAsync(); // for any method: a redirected POST may become a GET
        receiver.OnPush = response =>
        {
            (response.StatusCode, response.Headers.Location) = ((int)status, elsewhere.Url);
            return Task.CompletedTask;
        };
        var subscriber = await SubscribeAsync(receiver.Url);
        await VerifyAsync(subscriber);

        await Eventually.CountsAsync(host, $"signal_streams WHERE id = {IdOf(subscriber)} AND failures > 0", 1);
        Assert.NotEmpty(receiver.Received);
        Assert.Empty(elsewhere.Received);
        await CloseAsync(subscriber);
    }

    /// <summary>The host name may resolve to another address than when the stream was created.</summary>
    [Fact]
    public async Task A_name_is_checked_again_at_each_push()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        var url = receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Subscriber subscriber;
        await using (var before = await AuthHost.StartOnAsync(database, Receiver.Settings.With(new() { ["Webhooks:AllowedNetworks:1"] = "::1/128" })))
        {
            subscriber = await before.SubscribeAsync(new { delivery = new { method = Push, endpoint_url = url } });
            await VerifyAsync(subscriber);
            await Eventually.CountsAsync(before, "signal_sets", 0);
            await Eventually.CountsAsync(before, "signal_streams WHERE claimed_until IS NULL", 1);
        }

        await using var after = await AuthHost.StartOnAsync(database, new() { ["Logging:LogLevel:AuthService.Signals"] = "Information" });
        await after.PostAsync("/auth/logout", (await after.SignedInPersonAsync()).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await Eventually.LoggedAsync(after, "The address is not allowed");
        Assert.Single(receiver.Received);
    }

    private async Task<Subscriber> SubscribeAsync(string url) => await host.SubscribeAsync(new { delivery = new { method = Push, endpoint_url = url } });

    /// <summary>Makes one SET wait.</summary>
    private static async Task VerifyAsync(Subscriber subscriber) => await subscriber.Host.PostAsync(
        SignalCalls.Verify, subscriber.Token, new { stream_id = subscriber.StreamId }).ExpectAsync(HttpStatusCode.NoContent);

    /// <summary>Disables the stream, so that other tests do not push to it.</summary>
    private async Task CloseAsync(Subscriber subscriber) =>
        await host.Database.ExecuteAsync($"UPDATE signal_streams SET status = 2 WHERE id = {IdOf(subscriber)}");

    private static Task HangAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Returns the id as the store writes it.</summary>
    private string IdOf(Subscriber subscriber) =>
        host.Database.Store is Store.Sqlite ? $"'{subscriber.StreamId.ToUpperInvariant()}'" : $"'{subscriber.StreamId}'";

    public sealed class OnSqlite(PushingOnSqlite store) : HostileReceiverTests(store.Host), IClassFixture<PushingOnSqlite>
    {
        /// <summary>It lasts as long as the deadline, whatever the store is.</summary>
        [Fact]
        public async Task A_push_without_an_answer_is_given_up_and_comes_again()
        {
            await using var silent = await Receiver.StartAsync();
            await using var halting = await Receiver.StartAsync();
            silent.OnPush = response => HangAsync(response.HttpContext);
            halting.OnPush = async response =>
            {
                response.StatusCode = StatusCodes.Status400BadRequest;
                await response.WriteAsync("{\"err\":");
                await response.Body.FlushAsync();
                await HangAsync(response.HttpContext);
            };
            Subscriber[] subscribers = [await SubscribeAsync(silent.Url), await SubscribeAsync(halting.Url)];
            foreach (var subscriber in subscribers)
                await VerifyAsync(subscriber);

            foreach (var subscriber in subscribers)
            {
                await Eventually.CountsAsync(store.Host, $"signal_streams WHERE id = {IdOf(subscriber)} AND claimed_until IS NULL AND failures > 0", 1);
                await Eventually.LoggedAsync(store.Host, $"{subscriber.StreamId}");
                Assert.Equal(1, await store.Host.Database.CountAsync($"signal_sets WHERE stream_id = {IdOf(subscriber)}"));
            }

            Assert.Contains(store.Host.Log.Lines, line => line.Contains("no answer within 15 seconds", StringComparison.Ordinal));
            (silent.OnPush, halting.OnPush) = (Receiver.Take, Receiver.Take);
            store.Host.Clock.Advance(TimeSpan.FromMinutes(1));
            foreach (var subscriber in subscribers)
            {
                await Eventually.CountsAsync(store.Host, $"signal_sets WHERE stream_id = {IdOf(subscriber)}", 0);
                await CloseAsync(subscriber);
            }
        }
    }

    public sealed class OnPostgres(PushingOnPostgres store) : HostileReceiverTests(store.Host), IClassFixture<PushingOnPostgres>;
}

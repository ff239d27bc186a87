using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>A failed push is retried later, and given up after a while.</summary>
public abstract class PushRetryTests(AuthHost host) : IAsyncLifetime
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5.2);

    private Receiver _receiver = null!;
    private Subscriber _subscriber = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _subscriber = await host.SubscribeAsync(_receiver);
    }

    [Theory]
    [InlineData("""{"err":"authentication_failed","description":"?"}""")]
    [InlineData("""{"err":"access_denied"}""")]
    [InlineData("""{"error":"bad_request"}""")]
    [InlineData("<!DOCTYPE html>")]
    [InlineData("")]
    public async Task What_is_refused_for_no_reason_of_its_own_comes_again_until_it_is_taken(string body)
    {
        _receiver.OnPush = Receiver.Answer(HttpStatusCode.BadRequest, body);
        var person = await SignOutAsync();

        for (var attempts = 1; attempts <= 4; attempts++)
        {
            await Eventually.TrueAsync(() => _receiver.Received.Count >= attempts);
            await UntilPutOffAsync();
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        _receiver.OnPush = Receiver.Take;
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {StreamId}", 0);
        var pushed = _receiver.Received.DistinctBy(pushed => Claims(pushed.Token).Text("jti"), StringComparer.Ordinal);
        Assert.Equal(person, UserOf(Claims(Assert.Single(pushed).Token)));
    }

    [Theory]
    [InlineData("invalid_request")]
    [InlineData("invalid_issuer")]
    [InlineData("invalid_audience")]
    [InlineData("invalid_key")]
    public async Task What_is_refused_for_itself_three_times_is_dropped(string error)
    {
        _receiver.OnPush = Receiver.Answer(HttpStatusCode.BadRequest, $$"""{"err":"{{error}}"}""");
        await SignOutAsync();

        for (var attempts = 1; attempts < 3; attempts++)
        {
            await Eventually.TrueAsync(() => _receiver.Received.Count >= attempts);
            await UntilPutOffAsync();
            host.Clock.Advance(FirstPause);
        }

        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {StreamId}", 0);
        await Eventually.CountsAsync(host, $"signal_streams WHERE id = {StreamId} AND failures = 0 AND failing_since IS NULL", 1);
        Assert.Equal(3, _receiver.Received.Count);
    }

    [Fact]
    public async Task Five_that_are_refused_hold_up_the_next_for_less_than_a_minute()
    {
        await host.SetStatusAsync(_subscriber, "paused");
        var refused = new List<string?>();
        for (var i = 0; i < 5; i++)
            refused.Add(await SignOutAsync());
        var good = await SignOutAsync();
        _receiver.OnPush = response => refused.Contains(UserOf(Claims(_receiver.Received.Last().Token)), StringComparer.Ordinal)
            ? Receiver.Answer(HttpStatusCode.BadRequest, """{"err":"invalid_request"}""")(response)
            : Receiver.Take(response);
        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {StreamId}", 6);
        await host.SetStatusAsync(_subscriber, "enabled");

        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(55); waited += FirstPause)
        {
            await Eventually.TrueAsync(async () => await IsPutOffAsync() || await IsEmptyAsync());
            host.Clock.Advance(FirstPause);
        }

        await Eventually.TrueAsync(IsEmptyAsync);
        Assert.Equal(good, UserOf(Claims(_receiver.Received.Last().Token)));
        Assert.Equal(16, _receiver.Received.Count);
    }

    [Fact]
    public async Task A_failure_after_a_success_is_the_first_one_again()
    {
        _receiver.OnPush = Receiver.Answer(HttpStatusCode.InternalServerError);
        for (var i = 0; i < 4; i++)
            await SignOutAsync();
        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {StreamId}", 4);
        await UntilPutOffAsync();
        await host.Database.ExecuteAsync($"UPDATE signal_streams SET failures = 10, failing_since = 1 WHERE id = {StreamId}");
        var (before, began) = (_receiver.Received.Count, host.Clock.GetUtcNow());
        _receiver.OnPush = response => _receiver.Received.Count <= before + 2
            ? Receiver.Take(response)
            : Receiver.Answer(HttpStatusCode.ServiceUnavailable)(response);
        host.Clock.Advance(TimeSpan.FromHours(1));

        await Eventually.CountsAsync(host, $"signal_streams WHERE id = {StreamId} AND failures = 1 AND failing_since > {MicrosecondsOf(began)}", 1);
        await UntilPutOffAsync();
        _receiver.OnPush = Receiver.Take;
        host.Clock.Advance(FirstPause);

        await Eventually.CountsAsync(host, $"signal_sets WHERE stream_id = {StreamId}", 0);
        var words = $"The receiver of stream {_subscriber.StreamId} takes SETs again";
        Assert.Equal(2, host.Log.Lines.Count(line => line.Contains(words, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(600, 590, 610)]
    [InlineData(1, 4, 10)]
    [InlineData(864_000, 86_000, 86_500)]
    public async Task A_receiver_is_left_alone_for_as_long_as_it_asks_to_be_but_for_a_day_at_most(int retryAfter, int atLeast, int atMost)
    {
        _receiver.OnPush = async response =>
        {
            response.Headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
            await Receiver.Answer(HttpStatusCode.ServiceUnavailable)(response);
        };
        using var still = host.Clock.Freeze();
        await SignOutAsync();

        await UntilPutOffAsync();

        var (from, to) = (MicrosecondsOf(host.Clock.GetUtcNow().AddSeconds(atLeast)), MicrosecondsOf(host.Clock.GetUtcNow().AddSeconds(atMost)));
        Assert.Equal(1, await host.Database.CountAsync($"signal_streams WHERE id = {StreamId} AND next_attempt_at BETWEEN {from} AND {to}"));
    }

    [Fact]
    public async Task A_service_that_stops_forgets_no_failures()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        var first = await AuthHost.StartOnAsync(database, Receiver.Settings);
        var subscriber = await first.SubscribeAsync(_receiver);
        await database.ExecuteAsync("UPDATE signal_streams SET failures = 7, failing_since = 1");
        _receiver.OnPush = response => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        await first.PostAsync(Verify, subscriber.Token, new { stream_id = subscriber.StreamId }).ExpectAsync(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(() => _receiver.Received.Count > 0);

        await first.DisposeAsync();

        Assert.Equal(1, await database.CountAsync("signal_streams WHERE claimed_until IS NULL AND failures = 7 AND failing_since = 1"));
    }

    public async Task DisposeAsync()
    {
        await host.Database.ExecuteAsync($"UPDATE signal_streams SET status = 2 WHERE id = {StreamId}"); // so that the next test does not push to this stream
        await _receiver.DisposeAsync();
    }

    /// <summary>The id as the store writes it.</summary>
    private string StreamId => host.Database.Store is Store.Sqlite ? $"'{_subscriber.StreamId.ToUpperInvariant()}'" : $"'{_subscriber.StreamId}'";

    private Task UntilPutOffAsync() => Eventually.TrueAsync(IsPutOffAsync);

    private async Task<bool> IsPutOffAsync() => await host.Database.CountAsync(
        $"signal_streams WHERE id = {StreamId} AND claimed_until IS NULL AND failures > 0 AND next_attempt_at > {MicrosecondsOf(host.Clock.GetUtcNow())}") == 1;

    private async Task<bool> IsEmptyAsync() => await host.Database.CountAsync($"signal_sets WHERE stream_id = {StreamId}") == 0;

    private static long MicrosecondsOf(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds() * 1_000;

    private async Task<string> SignOutAsync()
    {
        var person = await host.CreatePersonAsync();
        await host.PostAsync("/auth/logout", (await host.LoginAsync(person)).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        return person.Id;
    }

    public sealed class OnSqlite(PushingOnSqlite store) : PushRetryTests(store.Host), IClassFixture<PushingOnSqlite>;

    public sealed class OnPostgres(PushingOnPostgres store) : PushRetryTests(store.Host), IClassFixture<PushingOnPostgres>;
}

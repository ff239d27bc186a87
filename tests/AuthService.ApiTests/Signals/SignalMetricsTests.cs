using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Storage;
using Xunit;
using static AuthService.ApiTests.Signals.SignalCalls;

namespace AuthService.ApiTests.Signals;

/// <summary>An instance measures its shared signals (src/AuthService/OPERATIONS.md#metrics-and-traces).</summary>
public abstract class SignalMetricsTests(AuthHost host)
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SeveralRounds = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task What_waits_and_what_became_of_it()
    {
        await using var own = await host.StartAnotherAsync(Receiver.Settings);
        await using var receiver = await Receiver.StartAsync();
        using var metrics = own.RecordMetrics();
        var subscriber = await own.SubscribeAsync();
        await own.SubscribeAsync(receiver);
        receiver.OnPush = Receiver.Answer(HttpStatusCode.InternalServerError);

        await Eventually.TrueAsync(() => metrics.Series.Contains("authservice.signals.waiting", StringComparer.Ordinal));
        await own.PostAsync("/auth/logout", (await own.SignedInPersonAsync()).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await Eventually.TrueAsync(() => metrics["signals.sets{outcome=put_off}"] > 0);
        await Task.Delay(SeveralRounds);
        Assert.Equal(0, metrics["signals.waiting"]);
        own.Clock.Advance(CountInterval);
        await Eventually.TrueAsync(() => metrics["signals.waiting"] == 2);
        var given = await own.PollAsync(subscriber, new { returnImmediately = true });
        var acknowledged = given.GetProperty("sets").EnumerateObject().Select(set => set.Name).ToArray();
        await own.PollAsync(subscriber, new { returnImmediately = true, ack = acknowledged });
        receiver.OnPush = Receiver.Take;
        own.Clock.Advance(TimeSpan.FromMinutes(1));

        await Eventually.TrueAsync(() => metrics["signals.sets{outcome=pushed}"] == 1);
        own.Clock.Advance(CountInterval);
        await Eventually.TrueAsync(() => metrics["signals.waiting"] == 0);
        Assert.Equal((1, 1), (metrics["signals.sets{outcome=polled}"], metrics["signals.sets{outcome=acknowledged}"]));
    }

    [Fact]
    public async Task How_far_the_reader_is_behind_while_it_is_held_up()
    {
        await using var own = await host.StartAnotherAsync();
        using var metrics = own.RecordMetrics();
        var subscriber = await own.SubscribeAsync();
        var session = await own.SignedInPersonAsync();
        var now = UnixMicroseconds.From(own.Clock.GetUtcNow());

        await using (await own.Database.BeginAsync(string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO audit_events (at, event, outcome, actor_kind) VALUES ({now}, 'app_tokens_expired', 0, 1)")))
        {
            if (own.Database.IsPostgres) // SQLite allows only one writer
            {
                await own.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
                await Eventually.TrueAsync(() => metrics["signals.lag"] > 1);
                Assert.Empty(await subscriber.PeekAsync());
            }
        }

        await Eventually.TrueAsync(() => metrics.Series.Contains("authservice.signals.lag", StringComparer.Ordinal) && metrics["signals.lag"] == 0);
        if (own.Database.IsPostgres)
            Assert.NotEmpty(await subscriber.PeekAsync());
    }

    [Fact]
    public async Task How_far_the_reader_is_behind_while_it_fails()
    {
        await using var own = await host.StartAnotherAsync();
        using var metrics = own.RecordMetrics();
        var subscriber = await own.SubscribeAsync();
        await own.Database.ExecuteAsync("ALTER TABLE signal_sets RENAME TO elsewhere");

        await own.PostAsync("/auth/logout", (await own.SignedInPersonAsync()).RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        await Eventually.TrueAsync(() => metrics["signals.lag"] > 1);

        await own.Database.ExecuteAsync("ALTER TABLE elsewhere RENAME TO signal_sets");
        await Eventually.TrueAsync(() => metrics["signals.lag"] == 0);
        Assert.NotEmpty(await subscriber.PeekAsync());
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SignalMetricsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SignalMetricsTests(store.Host);
}

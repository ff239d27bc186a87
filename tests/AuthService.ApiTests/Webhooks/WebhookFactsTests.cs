using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.Storage;
using Xunit;

namespace AuthService.ApiTests.Webhooks;

/// <summary>A webhook is changed while an attempt is running. The clock stands still, so that no attempt is repeated.</summary>
public abstract class WebhookFactsTests(ClassHosts hosts) : IAsyncLifetime
{
    /// <summary>Long enough for every effect of an attempt, to prove that an effect does not happen.</summary>
    private static readonly TimeSpan While = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<int>[] _answers =
        [.. Enumerable.Range(0, 2).Select(_ => new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously))];

    private int _came;
    private AuthHost _own = null!;
    private WebhookReceiver _receiver = null!;
    private MadeWebhook _webhook = null!;
    private IDisposable _frozen = null!;

    public async Task InitializeAsync()
    {
        _own = await hosts.WithoutWebhooksAsync(WebhookReceiver.Settings);
        _receiver = await WebhookReceiver.StartAsync();
        _receiver.OnRequest = async context => context.Response.StatusCode = await _answers[Interlocked.Increment(ref _came) - 1].Task;
        _webhook = await _own.CreateWebhookAsync(_receiver.Url, "app_tokens_expired");
        _frozen = _own.Clock.Freeze();
    }

    [Fact]
    public async Task A_success_meanwhile_ends_five_days_of_nothing_but_failure()
    {
        await SetFailingSinceAsync(TimeSpan.FromDays(5.1));
        await StartTwoAttemptsAsync();

        _answers[0].SetResult(204);
        await Eventually.CountsAsync(_own, "webhooks WHERE failing_since IS NULL", 1);
        _answers[1].SetResult(500);

        await UntilKeptAsync(2);
        await Eventually.CountsAsync(_own, $"webhooks WHERE failing_since = {UnixMicroseconds.From(_own.Clock.GetUtcNow())}", 1);
        var shown = await _own.ShowAsync(_webhook);
        Assert.True(shown.GetProperty("enabled").GetBoolean());
        Assert.Equal(UnixMicroseconds.Rounded(_own.Clock.GetUtcNow()), shown.GetProperty("failingSince").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_success_forgets_a_failure_that_came_meanwhile()
    {
        await StartTwoAttemptsAsync();

        _answers[0].SetResult(500);
        await Eventually.CountsAsync(_own, "webhooks WHERE failing_since IS NOT NULL", 1);
        _answers[1].SetResult(204);

        await UntilKeptAsync(2);
        await Eventually.CountsAsync(_own, "webhooks WHERE failing_since IS NULL", 1);
        Assert.Equal(JsonValueKind.Null, (await _own.ShowAsync(_webhook)).GetProperty("failingSince").ValueKind);
    }

    [Theory]
    [InlineData(410)]
    [InlineData(500)]
    public async Task What_the_old_address_answers_does_not_count_against_the_new_one(int status)
    {
        await StartAttemptAsync();

        await ChangeUrlAsync();
        _answers[0].SetResult(status);

        await UntilKeptAsync(1);
        var shown = await _own.ShowAsync(_webhook);
        Assert.Equal((true, JsonValueKind.Null), (shown.GetProperty("enabled").GetBoolean(), shown.GetProperty("failingSince").ValueKind));
    }

    [Fact]
    public async Task A_success_at_the_old_address_does_not_count_for_the_new_one()
    {
        await SetFailingSinceAsync(TimeSpan.FromDays(2));
        await StartAttemptAsync();

        await ChangeUrlAsync();
        await SetFailingSinceAsync(TimeSpan.FromDays(1));
        _answers[0].SetResult(204);

        await UntilKeptAsync(1);
        Assert.NotEqual(JsonValueKind.Null, (await _own.ShowAsync(_webhook)).GetProperty("failingSince").ValueKind);
    }

    /// <summary>A replay starts at this time. Events between it and the failure were never queued.</summary>
    [Fact]
    public async Task A_failure_after_it_was_disabled_does_not_move_the_moment_since_when_it_misses_events()
    {
        await StartAttemptAsync();
        await _own.PatchAsync(_webhook.Path, await _own.NewAdminTokenAsync(), new { enabled = false }).ExpectAsync(HttpStatusCode.OK);

        _answers[0].SetResult(500);

        await UntilKeptAsync(1);
        Assert.Equal(1, await _own.Database.CountAsync("webhooks WHERE failing_since IS NULL AND disabled_at IS NOT NULL"));
    }

    public async Task DisposeAsync()
    {
        _frozen.Dispose();
        await _receiver.DisposeAsync();
    }

    private async Task ChangeUrlAsync() => await _own
        .PatchAsync(_webhook.Path, await _own.NewAdminTokenAsync(), new { url = $"{_receiver.Url}/elsewhere" }).ExpectAsync(HttpStatusCode.OK);

    private Task SetFailingSinceAsync(TimeSpan ago) => _own.Database.ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture, $"UPDATE webhooks SET failing_since = {UnixMicroseconds.From(_own.Clock.GetUtcNow() - ago)}"));

    private async Task StartAttemptAsync()
    {
        var before = _receiver.Received.Count;
        await _own.PingAsync(_webhook);
        await _receiver.UntilAsync(before + 1);
    }

    private async Task StartTwoAttemptsAsync()
    {
        await StartAttemptAsync();
        await StartAttemptAsync();
    }

    /// <summary>Waits until this number of attempts has ended, and their effects on the webhook too.</summary>
    private async Task UntilKeptAsync(int attempts)
    {
        await Eventually.CountsAsync(_own, "webhook_deliveries WHERE claimed_until IS NULL", attempts);
        await Task.Delay(While);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : WebhookFactsTests(hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres 2")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : WebhookFactsTests(hosts), IClassFixture<ClassHosts<PostgresStore>>;
}

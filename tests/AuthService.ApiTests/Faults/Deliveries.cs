using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Signals;
using AuthService.ApiTests.Webhooks;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// The receivers that are told about a load from its start: a webhook, a stream of shared signals, a reader of the feed, and mailboxes. The messages
/// are checked when none is pending any more (<see cref="SettleAsync"/>).
/// </summary>
internal sealed class Deliveries : IAsyncDisposable
{
    /// <summary>The audit events that the webhook receives.</summary>
    public static readonly IReadOnlyList<string> Events =
        ["sign_out", "session_revoked", "password_set", "recovery_codes_replaced", "email_change_requested", "email_confirmed", "not_me_reported"];

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly CancellationTokenSource _end = new();
    private readonly Surroundings _around;
    private readonly Func<Uri?>[] _instances;
    private readonly LoadUsers _users;
    private readonly int _mailedBefore;
    private Task _reading = Task.CompletedTask;
    private bool _isSettled;

    private Deliveries(Surroundings around, LoadUsers users, Func<Uri?>[] instances)
    {
        (_around, _users, _instances, _mailedBefore) = (around, users, instances, around.Mailed.Count);
        Followed = new FeedReader(new ServiceCalls(_http, users.Service, instances));
    }

    /// <summary>The id of the webhook.</summary>
    public string Webhook { get; private set; } = "";

    /// <summary>The reader that followed the feed on all instances.</summary>
    public FeedReader Followed { get; }

    /// <summary>The reader that read the feed afterwards on one instance, from the position at the start of the load.</summary>
    public FeedReader Reread { get; private set; } = null!;

    public SignalPoller Signals { get; private set; } = null!;

    /// <summary>The requests to the webhook, one for each attempt.</summary>
    public IEnumerable<ReceivedWebhook> Received => _around.Webhooks.Received.Where(webhook => webhook.Path == Path);

    /// <summary>Every mail that the mail server accepted since the start, with repetitions.</summary>
    public IReadOnlyCollection<MimeKit.MimeMessage> Mailed => [.. _around.Mailed.Skip(_mailedBefore)];

    private string Path => $"/{_users.Service.Id}";

    /// <param name="around">The servers that receive webhooks and mails.</param>
    /// <param name="users">The users of the load, which has not begun.</param>
    /// <param name="instances">The addresses of the instances. Null while an instance must not be called.</param>
    public static async Task<Deliveries> StartAsync(Surroundings around, LoadUsers users, Func<Uri?>[] instances)
    {
        var deliveries = new Deliveries(around, users, instances);
        await deliveries.PrepareAsync();
        deliveries._reading = Task.WhenAll(
            deliveries.RepeatAsync(() => deliveries.Followed.ReadAsync(wait: 1)), deliveries.RepeatAsync(deliveries.Signals.PollAsync));
        return deliveries;
    }

    /// <summary>Waits until every receiver has got everything. A second call returns at once.</summary>
    /// <param name="database">The database of the instances. Null when it cannot be reached.</param>
    /// <param name="mailsMayRepeat"><see cref="FaultTrial.MailsMayRepeat"/>.</param>
    public async Task SettleAsync(TestDatabase? database, bool mailsMayRepeat)
    {
        if (_isSettled)
            return;
        _isSettled = true;
        await StopReadingAsync();
        using var http = Connect();
        var last = await new Settling(this, _users.Last!, database, mailsMayRepeat).RunAsync(http, await _around.SignInAdministratorAsync(http));
        while (!await Reread.ReadAsync() || !Reread.Sessions.Contains(last, StringComparer.Ordinal))
            await Task.Delay(Pause);
    }

    /// <summary>Ends the deliveries: nothing that happens later is sent.</summary>
    public async Task EndAsync()
    {
        using var http = Connect();
        var admin = await _around.SignInAdministratorAsync(http);
        await http.SendAsync(HttpMethod.Delete, $"{WebhookCalls.Root}/{Webhook}", admin).ExpectAsync(HttpStatusCode.NoContent);
        var stream = SignalCalls.At(SignalCalls.Streams, Signals.Stream);
        await http.SendAsync(HttpMethod.Delete, stream, await TokenAsync(http)).ExpectAsync(HttpStatusCode.NoContent);
    }

    public async ValueTask DisposeAsync()
    {
        await StopReadingAsync();
        _end.Dispose();
        _http.Dispose();
    }

    private async Task PrepareAsync()
    {
        using var http = Connect();
        var (admin, url) = (await _around.SignInAdministratorAsync(http), new Uri(new Uri(_around.Webhooks.Url), Path));
        var webhook = await http.SendAsync(HttpMethod.Post, WebhookCalls.Root, admin, new { url, events = Events }).ExpectAsync(HttpStatusCode.Created);
        Webhook = webhook.Text("id");
        var stream = await http.SendAsync(HttpMethod.Post, SignalCalls.Streams, await TokenAsync(http), new { }).ExpectAsync(HttpStatusCode.Created);
        Signals = new SignalPoller(new ServiceCalls(_http, _users.Service, _instances), stream.Text("stream_id"));
        while (!await Followed.ReadAsync())
            await Task.Delay(Pause);
        Reread = new FeedReader(new ServiceCalls(_http, _users.Service, [Instance]), Followed.Cursor);
    }

    private async Task<string> TokenAsync(HttpClient http) =>
        (await http.SendAsync(HttpMethod.Post, "/auth/refresh", _users.Service.RefreshToken).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    private HttpClient Connect() => new() { BaseAddress = Instance() };

    private Uri? Instance() => _instances.Select(instance => instance()).First(address => address is not null);

    private async Task RepeatAsync(Func<Task> read)
    {
        while (!_end.IsCancellationRequested)
        {
            await read();
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task StopReadingAsync()
    {
        await _end.CancelAsync();
        await _reading;
    }
}

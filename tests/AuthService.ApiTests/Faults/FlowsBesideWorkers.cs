using System.Net;
using System.Text;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using AuthService.ApiTests.Sessions;
using AuthService.ApiTests.Signals;
using AuthService.ApiTests.Webhooks;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>Calls about mails, webhooks, streams and stored tokens.</summary>
internal static class FlowsBesideWorkers
{
    private const string NewerPassword = "Zebra-41-Lantern-Quartz!";

    private const HttpStatusCode Ok = HttpStatusCode.OK;
    private const HttpStatusCode Created = HttpStatusCode.Created;
    private const HttpStatusCode Done = HttpStatusCode.NoContent;
    private const HttpStatusCode Used = HttpStatusCode.BadRequest;
    private const HttpStatusCode Gone = HttpStatusCode.NotFound;

    public static IEnumerable<string> Names => With(mails: null!).Keys;

    private static Dictionary<string, Flow> OfStoredTokens { get; } = new(StringComparer.Ordinal)
    {
        ["writing a stored token"] = new(Done, Done, WithPath((host, service, path) => host.PutAsync(path, service, Text("first")))),
        ["reading a stored token"] = new(Ok, Ok, WithStored((host, service, path) => host.GetAsync(path, service))),
        ["deleting a stored token"] = new(Done, Gone, WithStored((host, service, path) => host.DeleteAsync(path, service))),
    };

    private static Dictionary<string, Flow> OfReceivers { get; } = new(StringComparer.Ordinal)
    {
        ["making a webhook"] = new(Created, Created, WithoutWebhooks((host, admin) =>
            host.PostAsync(WebhookCalls.Root, admin, new { url = "https://hooks.invalid/", events = new[] { "webhook_disabled" } }))),
        ["disabling a webhook"] = new(Ok, Ok, WithWebhook((host, admin, path) => host.PatchAsync(path, admin, new { enabled = false }))),
        ["a new secret of a webhook"] = new(Ok, Ok, WithWebhook((host, admin, path) => host.PostAsync($"{path}/rotate", admin))),
        ["replay to a webhook"] = new(HttpStatusCode.Accepted, HttpStatusCode.Accepted, WithWebhook((host, admin, path) =>
            host.PostAsync($"{path}/replay", admin, new { from = host.Clock.GetUtcNow() }))),
        ["deleting a webhook"] = new(Done, Gone, WithWebhook((host, admin, path) => host.DeleteAsync(path, admin))),
        ["making a stream"] = new(Created, Created, WithService((host, service) => host.PostAsync(SignalCalls.Streams, service, new { }))),
        ["pausing a stream"] = new(Ok, Ok, WithStream((host, subscriber) =>
            host.PostAsync(SignalCalls.Status, subscriber.Token, new { stream_id = subscriber.StreamId, status = "paused" }))),
        ["deleting a stream"] = new(Done, Gone, WithStream((host, subscriber) =>
            host.DeleteAsync(SignalCalls.At(SignalCalls.Streams, subscriber.StreamId), subscriber.Token))),
    };

    /// <summary>Gets the calls that succeed unless something fails.</summary>
    public static IReadOnlyDictionary<string, Flow> With(Mailbox mails) =>
        OfMails(mails).Concat(OfReceivers).Concat(OfStoredTokens).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, Flow> OfMails(Mailbox mails) => new(StringComparer.Ordinal)
    {
        ["new password by a link"] = new(Ok, Used, async host =>
        {
            var (_, address) = await host.ReachablePersonAsync();
            await host.RequestResetAsync(address);
            var token = await mails.TokenAsync(address, Mailbox.Reset);
            return () => host.Http.TryResetAsync(token, NewerPassword);
        }),
        ["asking for another address"] = new(HttpStatusCode.Accepted, HttpStatusCode.Accepted, async host =>
        {
            var (session, next) = (await host.SignedInPersonAsync(), Mailbox.NewAddressOf("next"));
            return () => host.TryChangeEmailAsync(session.AccessToken, next);
        }),
        ["confirming another address"] = new(Done, Used, async host =>
        {
            var (session, next) = (await host.SignedInPersonAsync(), Mailbox.NewAddressOf("next"));
            await host.TryChangeEmailAsync(session.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
            var token = await mails.TokenAsync(next, Mailbox.Confirm);
            return () => host.TryUseAsync(RecoveryCalls.Confirm, token);
        }),
        ["it was not me"] = new(Done, Used, async host =>
        {
            var (person, address) = await host.ReachablePersonAsync();
            var session = await host.LoginAsync(person);
            var change = new { currentPassword = person.Password, newPassword = NewerPassword };
            await host.PutAsync("/account/password", session.AccessToken, change).ExpectAsync(Done);
            var token = await mails.TokenAsync(address, Mailbox.NewPassword);
            return () => host.TryUseAsync(RecoveryCalls.NotMe, token);
        }),
    };

    private static StringContent Text(string value) => new(value, Encoding.UTF8, "text/plain");

    private static Preparation WithService(Func<AuthHost, string, Task<HttpResponseMessage>> call) => async host =>
    {
        var service = await host.NewServiceTokenAsync();
        return () => call(host, service);
    };

    private static Preparation WithStream(Func<AuthHost, Subscriber, Task<HttpResponseMessage>> call) => async host =>
    {
        var subscriber = await host.SubscribeAsync();
        return () => call(host, subscriber);
    };

    /// <summary>Prepares a call with a name for a token of a session.</summary>
    private static Preparation WithPath(Func<AuthHost, string, string, Task<HttpResponseMessage>> call) => async host =>
    {
        var service = await host.NewServiceTokenAsync();
        var session = await host.OpenAsync(service, await host.CreatePersonAsync());
        return () => call(host, service, $"/sessions/{session}/tokens/{NewName("token")}");
    };

    private static Preparation WithStored(Func<AuthHost, string, string, Task<HttpResponseMessage>> call) => async host =>
    {
        var service = await host.NewServiceTokenAsync();
        var path = $"/sessions/{await host.OpenAsync(service, await host.CreatePersonAsync())}/tokens/graph";
        await host.PutAsync(path, service, Text("first")).ExpectAsync(Done);
        return () => call(host, service, path);
    };

    private static Preparation WithoutWebhooks(Func<AuthHost, string, Task<HttpResponseMessage>> call) => async host =>
    {
        var admin = await RemoveWebhooksAsync(host);
        return () => call(host, admin);
    };

    private static Preparation WithWebhook(Func<AuthHost, string, string, Task<HttpResponseMessage>> call) => async host =>
    {
        var admin = await RemoveWebhooksAsync(host);
        var webhook = await host.CreateWebhookAsync("https://hooks.invalid/", "webhook_disabled");
        return () => call(host, admin, webhook.Path);
    };

    /// <summary>Removes the webhooks of earlier calls, because there may be at most a hundred.</summary>
    /// <returns>The administrator's access token.</returns>
    private static async Task<string> RemoveWebhooksAsync(AuthHost host)
    {
        var admin = await host.AdminTokenAsync();
        foreach (var webhook in (await host.GetAsync(WebhookCalls.Root, admin).ExpectAsync(Ok)).EnumerateArray())
            await host.DeleteAsync($"{WebhookCalls.Root}/{webhook.Text("id")}", admin).ExpectAsync(Done);
        return admin;
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Webhooks;

/// <summary>The request of one attempt.</summary>
public sealed record ReceivedWebhook(string Path, HeaderDictionary Headers, string Body)
{
    public string Id => $"{Headers["webhook-id"]}";

    public JsonElement Json => JsonElement.Parse(Body);

    public string Type => Json.Text("type");

    public JsonElement Data => Json.GetProperty("data");

    public string[] Signatures => $"{Headers["webhook-signature"]}".Split(' ');
}

/// <summary>A receiver of webhooks on 127.0.0.1. It accepts everything unless a test changes <see cref="OnRequest"/>.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>Settings that let an instance deliver to 127.0.0.1.</summary>
    public static Settings Settings => new() { ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8" };

    public ConcurrentQueue<ReceivedWebhook> Received { get; } = new();

    /// <summary>Writes the response, after the request was added to <see cref="Received"/>.</summary>
    public Func<HttpContext, Task> OnRequest { get; set; } = Answer(StatusCodes.Status204NoContent);

    public string Url => $"{_app.Urls.First()}/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public static Func<HttpContext, Task> Answer(int status, params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return Task.CompletedTask;
    };

    public Task UntilAsync(int received) => Eventually.TrueAsync(
        () => Received.Count >= received, () => $"{Received.Count} came: {string.Join(", ", Received.Select(webhook => webhook.Type))}");

    /// <summary>Waits for the first webhook with this event type, and returns it.</summary>
    public async Task<ReceivedWebhook> WaitForAsync(string type)
    {
        await Eventually.TrueAsync(() => OfType(type).Count > 0, () => $"came: {string.Join(", ", Received.Select(webhook => webhook.Type))}");
        return OfType(type)[0];
    }

    public IReadOnlyList<ReceivedWebhook> OfType(string type) => [.. Received.Where(webhook => webhook.Type == type)];

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero); // a request may be running that never gets a response
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = new HeaderDictionary();
        foreach (var (name, value) in context.Request.Headers)
            headers[name] = value;
        Received.Enqueue(new ReceivedWebhook($"{context.Request.Path}", headers, body));
        await OnRequest(context);
    }
}

using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Hosting;

/// <summary>A collector on 127.0.0.1 that receives OTLP over HTTP and keeps the messages undecoded. Names are readable in them.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>The environment of a service that sends to this collector, soon and often.</summary>
    public Settings Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
    };

    /// <summary>All received messages, decoded as UTF-8.</summary>
    public IReadOnlyCollection<string> Texts => [.. _received.Select(message => Encoding.UTF8.GetString(message.Body))];

    /// <summary>The paths to which messages were sent.</summary>
    public IEnumerable<string> Paths => _received.Select(message => message.Path).Distinct(StringComparer.Ordinal);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.Run(receiver.KeepAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public Task WaitForMetricAsync(string name) => WaitAsync("/v1/metrics", Encoding.UTF8.GetBytes(name), name);

    /// <summary>Waits for spans of this trace that contain the text.</summary>
    public Task WaitForSpanAsync(string traceId, string text, string path = "/v1/traces") =>
        WaitAsync(path, Convert.FromHexString(traceId), traceId, text);

    public bool Holds(string text) => _received.Any(message => Find(message.Body, Encoding.UTF8.GetBytes(text)));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static bool Find(byte[] body, ReadOnlySpan<byte> bytes) => body.AsSpan().IndexOf(bytes) >= 0;

    private async Task WaitAsync(string path, byte[] bytes, string what, string text = "")
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!_received.Any(message => message.Path == path && Find(message.Body, bytes) && Find(message.Body, Encoding.UTF8.GetBytes(text))))
        {
            if (timeout.IsCancellationRequested)
                throw new TimeoutException($"{path} was not sent {what} {text} in {_received.Count} messages");
            await Task.Delay(50);
        }
    }

    private async Task KeepAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue((context.Request.Path, body.ToArray()));
    }
}

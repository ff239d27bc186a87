using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Signals;

/// <summary>One push that a receiver got.</summary>
internal sealed record Pushed(string Token, string? ContentType, string? Accept, string? Authorization);

/// <summary>A real HTTP server on a free local port, which keeps every SET that is pushed to it, accepted or not.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Pushed> _received = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Every push so far, in order.</summary>
    public IReadOnlyCollection<Pushed> Received => _received;

    /// <summary>Writes the response to a push.</summary>
    public Func<HttpResponse, Task> OnPush { get; set; } = Take;

    public string Url => $"{_app.Urls.First()}/events";

    /// <summary>Settings that let the service call 127.0.0.1.</summary>
    public static Settings Settings => new() { ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8" };

    public static Task Take(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    public static Func<HttpResponse, Task> Answer(HttpStatusCode status, string body = "") => async response =>
    {
        response.StatusCode = (int)status;
        response.ContentType = "application/json";
        response.Headers.Location = "http://127.0.0.1:9/";
        await response.WriteAsync(body);
    };

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{0}"));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/events", receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        var authorization = headers.Authorization.ToString() is { Length: > 0 } text ? text : null;
        _received.Enqueue(new Pushed(await reader.ReadToEndAsync(), context.Request.ContentType, headers.Accept.ToString(), authorization));
        await OnPush(context.Response);
    }
}

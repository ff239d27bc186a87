using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Signals;

/// <summary>What was pushed at a receiver.</summary>
internal sealed record Pushed(string Token, string? ContentType, string? Accept, string? Authorization);

/// <summary>A real HTTP server on a free port of this machine that SETs are pushed to, with what it was sent, taken or not.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Pushed> _received = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Everything that came, in order.</summary>
    public IReadOnlyCollection<Pushed> Received => _received;

    /// <summary>What it answers.</summary>
    public Func<HttpResponse, Task> OnPush { get; set; } = Take;

    public string Url => $"{_app.Urls.First()}/events";

    /// <summary>Lets the service call it: it is at 127.0.0.1.</summary>
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

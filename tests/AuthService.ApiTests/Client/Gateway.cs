using System.Collections.Concurrent;
using System.Globalization;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Client;

/// <summary>A proxy before an instance on 127.0.0.1. It counts the calls, and can answer some of them 503 by itself.</summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly HttpClient _onward = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentQueue<int?> _outages = new();
    private readonly WebApplication _app;

    private volatile Uri _instance;

    private Gateway(WebApplication app, AuthHost host) => (_app, _instance) = (app, host.Address);

    public Uri Address => new(_app.Urls.First());

    /// <summary>Whether every call is answered 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Sees every call first, and returns whether it has answered.</summary>
    public Func<HttpContext, Task<bool>> First { get; set; } = _ => Task.FromResult(false);

    /// <summary>The bearer of the last call.</summary>
    public string LastBearer { get; private set; } = "";

    public static async Task<Gateway> StartAsync(AuthHost host)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var gateway = new Gateway(builder.Build(), host);
        gateway._app.Run(gateway.HandOnAsync);
        await gateway._app.StartAsync();
        return gateway;
    }

    /// <summary>Sends further calls to this instance.</summary>
    public void LeadTo(AuthHost host) => LeadTo(host.Address);

    /// <inheritdoc cref="LeadTo(AuthHost)"/>
    public void LeadTo(Uri instance) => _instance = instance;

    /// <summary>Returns the number of calls of this path, with the refused ones.</summary>
    public int CallsOf(string path) => _calls.Count(call => call == path);

    /// <summary>Answers the next call 503, with this Retry-After in seconds.</summary>
    public void RefuseNext(int? retryAfter = null) => _outages.Enqueue(retryAfter);

    /// <summary>Makes a <see cref="First"/> that never answers calls of this path.</summary>
    public static Func<HttpContext, Task<bool>> Hang(string path) => async context =>
    {
        if (context.Request.Path != path)
            return false;
        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _onward.Dispose();
    }

    private async Task HandOnAsync(HttpContext context)
    {
        _calls.Enqueue(context.Request.Path);
        LastBearer = context.Request.Headers.Authorization.ToString().Split(' ')[^1];
        if (await First(context))
            return;
        if (_outages.TryDequeue(out var retryAfter) || IsDown)
            Refuse(context.Response, retryAfter);
        else
            await IntrospectAsync(context);
    }

    private static void Refuse(HttpResponse response, int? retryAfter)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        if (retryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    private async Task IntrospectAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(_instance, $"{context.Request.Path}{context.Request.QueryString}"));
        request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers.Where(header => header.Key is not "Host"))
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        using var response = await _onward.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not "Transfer-Encoding"))
            context.Response.Headers[name] = values.ToArray();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

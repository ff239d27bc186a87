using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// A reverse proxy on 127.0.0.1 that sends calls to its instances in turn. As real proxies do, it adds who called (appended to what the caller
/// claimed), that the call used HTTPS, and for which host it was.
/// </summary>
public sealed class FrontProxy : IAsyncDisposable
{
    public const string PublicHost = "auth.example.com";

    private readonly HttpClient _onward = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false });
    private readonly WebApplication _app;
    private int _calls;

    private FrontProxy(WebApplication app, AuthHost[] instances) => (_app, Instances) = (app, instances);

    public AuthHost[] Instances { get; set; }

    public Uri Address => new(_app.Urls.First());

    /// <summary>Changes each cookie on its way to the browser.</summary>
    public Func<string, string> OnCookie { get; set; } = cookie => cookie;

    /// <summary>Gets the path of a call behind the proxy. If it returns null, the proxy itself responds with 404.</summary>
    public Func<PathString, PathString?> OnPath { get; set; } = path => path;

    /// <summary>Changes the status and headers of a response.</summary>
    public Action<HttpContext> OnAnswer { get; set; } = _ => { };

    /// <summary>Returns true for a call to which the proxy itself has responded.</summary>
    public Func<HttpContext, Task<bool>> OnCall { get; set; } = _ => Task.FromResult(false);

    public static async Task<FrontProxy> StartAsync(params AuthHost[] instances)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proxy = new FrontProxy(builder.Build(), instances);
        proxy._app.Run(proxy.HandOnAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    /// <summary>Creates a client with connections that come from this address of the loopback network (127.0.0.0/8).</summary>
    public static HttpClient ClientAt(string from, Uri address) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectCallback = async (connection, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(connection.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = address,
    };

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _onward.Dispose();
    }

    private async Task HandOnAsync(HttpContext context)
    {
        if (OnPath(context.Request.Path) is not { } path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (await OnCall(context))
            return;
        var instance = Instances[(uint)Interlocked.Increment(ref _calls) % Instances.Length];
        using var request = new HttpRequestMessage(
            new(context.Request.Method), new Uri(instance.Address, $"{path}{context.Request.QueryString}"));
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        request.Headers.Host = PublicHost;
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", context.Connection.RemoteIpAddress!.ToString());
        request.Headers.Remove("X-Forwarded-Proto");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Remove("X-Forwarded-Host");
        request.Headers.Add("X-Forwarded-Host", PublicHost);
        using var response = await _onward.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not "Transfer-Encoding"))
            context.Response.Headers[name] = name is "Set-Cookie" ? values.Select(OnCookie).ToArray() : values.ToArray();
        OnAnswer(context);
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AuthService.ApiTests.Browser;

/// <summary>A web site of the test's own on a free port: an empty page at every path, under each name of this machine.</summary>
public sealed class Site : IAsyncDisposable
{
    private const string Page = "<!DOCTYPE html><title>A site</title><link rel=icon href=data:,><body></body>";

    private readonly WebApplication _server;

    private Site(WebApplication server) => _server = server;

    private int Port => new Uri(_server.Urls.Single()).Port;

    public static async Task<Site> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Run(context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync(Page);
        });
        await server.StartAsync();
        return new Site(server);
    }

    /// <summary>The origin of this site under a name of this machine; localhost and 127.0.0.1 are two sites to a browser.</summary>
    public string As(string host) => $"http://{host}:{Port}";

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

using System.Net;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>A second instance on a database. Its public address has a path, and a proxy in front of it serves only that path.</summary>
public sealed class PrefixedSite : IAsyncDisposable
{
    private readonly FrontProxy _proxy;
    private readonly AuthHost _instance;

    private PrefixedSite(FrontProxy proxy, AuthHost instance, string address)
    {
        (_proxy, _instance, Address) = (proxy, instance, address);
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(address) };
    }

    /// <summary>The public address that the instance is configured with.</summary>
    public string Address { get; }

    /// <summary>A client for the proxy, without cookies and redirects.</summary>
    public HttpClient Http { get; }

    /// <param name="owner">The host that owns the database. Dispose this site before it.</param>
    /// <param name="prefix">The path of the address.</param>
    /// <param name="strips">Whether the proxy removes the path.</param>
    public static async Task<PrefixedSite> OpenAsync(AuthHost owner, string prefix, bool strips)
    {
        var proxy = await FrontProxy.StartAsync();
        proxy.OnPath = path => !path.StartsWithSegments(prefix, StringComparison.Ordinal, out var rest) ? null : strips ? rest : path;
        var address = $"http://localhost:{proxy.Address.Port}{prefix}";
        var instance = await owner.StartTwinAsync(new()
        {
            ["PublicAddress"] = address,
            ["LoginServices:web:Endpoint"] = $"{address}/account",
        });
        proxy.Instances = [instance];
        return new PrefixedSite(proxy, instance, address);
    }

    /// <returns>The body of a response with status 200.</returns>
    public async Task<string> GetTextAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode is HttpStatusCode.OK, $"{path}: {(int)response.StatusCode} {body}");
        return body;
    }

    /// <summary>Checks that a created resource is found at its Location.</summary>
    public async Task FollowAsync(HttpResponseMessage created, string bearer)
    {
        await created.ExpectAsync(HttpStatusCode.Created);
        await Http.SendAsync(HttpMethod.Get, created.Headers.Location!.OriginalString, bearer).ExpectAsync(HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _proxy.DisposeAsync();
        await _instance.DisposeAsync();
    }
}

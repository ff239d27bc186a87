using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>
/// A Chromium, the service at http://localhost, a trusted page of the same site, an untrusted page of the same site (to
/// which the browser does send the cookie) and one of another site.
/// </summary>
[CollectionDefinition("browser")]
public sealed class BrowserHost : ICollectionFixture<BrowserHost>, IAsyncLifetime
{
    private readonly Chromium _chromium = new();
    private Site? _trusted;
    private Site? _neighbour;
    private AuthHost? _host;

    public AuthHost Host => _host!;

    /// <summary>The service under the name that the pages share.</summary>
    public string Service => $"http://localhost:{Host.Address.Port}";

    public string TrustedOrigin => _trusted!.As("localhost");

    public string SameSiteUntrustedOrigin => _neighbour!.As("localhost");

    public string CrossSiteOrigin => _neighbour!.As("127.0.0.1");

    public async Task InitializeAsync()
    {
        _trusted = await Site.StartAsync();
        _neighbour = await Site.StartAsync();
        _host = await AuthHost.StartAsync(Store.Sqlite, new()
        {
            ["Origins:Trusted:3"] = TrustedOrigin,
            ["Passkeys:Origins:0"] = TrustedOrigin,
            ["TwoFactor:TrustDeviceFor"] = "30.00:00:00",
            ["LoginServices:web:Endpoint"] = $"{TrustedOrigin}/home",
        });
        await _chromium.InitializeAsync();
    }

    /// <summary>A browser of its own, with an empty cookie jar, on this page.</summary>
    public async Task<IPage> OpenAsync(string address)
    {
        var page = await _chromium.NewPageAsync();
        await page.GotoAsync(address);
        return page;
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
        if (_neighbour is not null)
            await _neighbour.DisposeAsync();
        if (_trusted is not null)
            await _trusted.DisposeAsync();
    }
}

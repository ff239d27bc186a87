using System.Net;
using AuthService.ApiTests.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>A callback that does not belong to the browser's own request is refused, and so are unknown providers and services.</summary>
public abstract class ProviderCallbackTests(AuthHost host, ProviderHosts hosts) : IAsyncLifetime
{
    private const string CannotBeUsed = "cannot be used";
    private const string NotBegun = "not begun in this browser";

    private readonly string _name = NewName("nobody");
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset(new() { ["sub"] = NewName("sub"), ["preferred_username"] = _name });
        _twin = await hosts.TwinAsync(_provider.SettingsFor("Example Corp"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_code_or_state_of_another_request()
    {
        var browser = new ProviderBrowser(_twin);
        var first = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());
        var second = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());
        var mixed = new Uri(second, $"?code={QueryOf(first, "code")}&state={QueryOf(second, "state")}");

        await (await browser.ComeBackAsync(mixed)).ExpectProblemAsync(HttpStatusCode.BadRequest, CannotBeUsed);
        foreach (var state in new[] { "", "x", $"idp_{new string('A', 43)}", new string('s', 4_000) })
            await (await browser.ComeBackAsync(new Uri(first, $"?code=c&state={state}"))).ExpectProblemAsync(HttpStatusCode.BadRequest, NotBegun);
        await NobodyIsMadeAsync();
    }

    /// <summary>The metadata promises the parameter <c>iss</c> in the response, so it must be there and correct (RFC 9207).</summary>
    [Theory]
    [InlineData("")]
    [InlineData("&iss=")]
    [InlineData("&iss=https://other.example.com")]
    public async Task An_answer_that_does_not_name_the_issuer_that_the_metadata_announces(string issuer)
    {
        _provider = await hosts.StartProviderAsync();
        _provider.AlterMetadata = metadata => metadata["authorization_response_iss_parameter_supported"] = true;
        await using var twin = await host.StartTwinAsync(_provider.SettingsFor("Example Corp"));
        var browser = new ProviderBrowser(twin);
        var callback = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());

        await (await browser.ComeBackAsync(new Uri(callback, $"{callback.Query}{issuer}"))).ExpectProblemAsync(HttpStatusCode.BadRequest, CannotBeUsed);

        Assert.Equal(0, _provider.TokenRequests);
        await NobodyIsMadeAsync();
        var named = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());
        using var answer = await browser.ComeBackAsync(new Uri(named, $"{named.Query}&iss={Uri.EscapeDataString(_provider.Issuer)}"));
        await answer.ExpectPageAsync(HttpStatusCode.OK);
    }

    /// <summary>The callback address is written to the logs of proxies, so it must be useless without the cookie.</summary>
    [Fact]
    public async Task Who_knows_the_address_of_the_callback_and_not_the_cookie()
    {
        var callback = await ProviderBrowser.AuthorizeAsync(await new ProviderBrowser(_twin).StartAsync());
        var stranger = new ProviderBrowser(_twin);
        await stranger.StartAsync();
        var own = stranger.Cookies["provider"];

        foreach (var state in new[] { QueryOf(callback, "state"), $"idp_{QueryOf(callback, "state")}" })
        {
            stranger.Plant("provider", $"{state}{own[own.IndexOf('.', StringComparison.Ordinal)..]}");
            await (await stranger.ComeBackAsync(callback)).ExpectProblemAsync(HttpStatusCode.BadRequest, NotBegun);
        }

        await NobodyIsMadeAsync();
    }

    /// <summary>During an upgrade both versions run. The previous version sends the value of the cookie as the state, and this one must accept it.</summary>
    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("&error=access_denied", HttpStatusCode.Forbidden)]
    public async Task A_sign_in_that_the_version_before_began_goes_on(string also, HttpStatusCode status)
    {
        var browser = new ProviderBrowser(_twin);
        var address = await browser.StartAsync();
        var secret = browser.Cookies["provider"].Split('.')[0];
        var earlier = new Uri(address.AbsoluteUri.Replace(QueryOf(address, "state"), secret, StringComparison.Ordinal));
        var callback = await ProviderBrowser.AuthorizeAsync(earlier);
        Assert.Equal(secret, QueryOf(callback, "state"));

        using var answer = await browser.ComeBackAsync(new Uri($"{callback}{also}"));

        await answer.ExpectPageAsync(status);
    }

    [Fact]
    public async Task An_account_that_the_version_before_began_to_add_is_added()
    {
        var browser = new ProviderBrowser(_twin);
        var address = await browser.StartLinkAsync((await _twin.LoginAsync(await _twin.CreatePersonAsync())).AccessToken);
        var secret = browser.Cookies["provider"].Split('.')[0];
        var earlier = new Uri(address.AbsoluteUri.Replace(QueryOf(address, "state"), secret, StringComparison.Ordinal));

        using var answer = await browser.ComeBackAsync(await ProviderBrowser.AuthorizeAsync(earlier));

        Assert.Equal("/account#identity-linked", $"{answer.Headers.Location}");
    }

    /// <summary>A valid code must not be sent to another provider than the one that issued it (RFC 9207).</summary>
    [Theory]
    [InlineData("https://other.example.com")]
    [InlineData("")]
    [InlineData("{0}/")]
    public async Task An_answer_that_names_another_issuer(string issuer)
    {
        var browser = new ProviderBrowser(_twin);

        await (await browser.ComeBackAsync(Naming(issuer, await ProviderBrowser.AuthorizeAsync(await browser.StartAsync()))))
            .ExpectProblemAsync(HttpStatusCode.BadRequest, CannotBeUsed);

        Assert.Equal(0, _provider.TokenRequests);
        await NobodyIsMadeAsync();
    }

    [Fact]
    public async Task An_answer_that_names_its_issuer_signs_in()
    {
        var browser = new ProviderBrowser(_twin);

        var page = await browser.ComeBackAsync(Naming("{0}", await ProviderBrowser.AuthorizeAsync(await browser.StartAsync())));

        await page.ExpectPageAsync(HttpStatusCode.OK);
        Assert.Equal(1, _provider.TokenRequests);
        Assert.NotEmpty(browser.AuthState().Text("accessToken"));
    }

    [Fact]
    public async Task The_answer_at_the_callback_of_another_provider()
    {
        await using var both = await host.StartTwinAsync(_provider.SettingsFor("Example Corp").With(_provider.SettingsFor("Other Corp", index: 1)));
        var browser = new ProviderBrowser(both);
        var callback = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());
        var swapped = new Uri(callback.AbsoluteUri.Replace("Example", "Other", StringComparison.Ordinal));

        await (await browser.ComeBackAsync(swapped)).ExpectProblemAsync(HttpStatusCode.BadRequest, CannotBeUsed);

        Assert.Equal(0, _provider.TokenRequests);
        await NobodyIsMadeAsync();
    }

    [Fact]
    public async Task A_person_who_does_not_want_to()
    {
        var browser = new ProviderBrowser(_twin);
        var callback = await ProviderBrowser.AuthorizeAsync(await browser.StartAsync());

        await (await browser.ComeBackAsync(new Uri(callback, $"?error=access_denied&state={QueryOf(callback, "state")}")))
            .ExpectProblemAsync(HttpStatusCode.Forbidden, "did not sign you in");

        await NobodyIsMadeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?id=0")]
    [InlineData("?id=2")]
    [InlineData("?id=x")]
    [InlineData("?id=1&service=nowhere")]
    [InlineData("?id=1&service=app")]
    public async Task An_unknown_provider_or_service(string query) =>
        await (await new ProviderBrowser(_twin).GetAsync($"/auth/startLogin{query}")).ExpectProblemAsync(HttpStatusCode.BadRequest, "is not known");

    /// <summary>Adds the parameter <c>iss</c> to the callback. In the issuer, <c>{0}</c> stands for the provider's own.</summary>
    private Uri Naming(string issuer, Uri callback) =>
        new($"{callback}&iss={issuer.Replace("{0}", Uri.EscapeDataString(_provider.Issuer), StringComparison.Ordinal)}");

    private static string QueryOf(Uri address, string name) => QueryHelpers.ParseQuery(address.Query)[name].ToString();

    private async Task NobodyIsMadeAsync() =>
        Assert.Equal(0, (await _twin.GetAsync($"/admin/principals?query={_name}", await _twin.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK))
            .GetProperty("itemsInTotal").GetInt32());

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : ProviderCallbackTests(hosts.Host, hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : ProviderCallbackTests(hosts.Host, hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}

using AuthService.Api.Http.Browser;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

/// <summary>Origins are parsed and compared according to RFC 6454.</summary>
public sealed class WebOriginTests
{
    [Theory]
    [InlineData("https://app.example.com", "https", "app.example.com", 443)]
    [InlineData("http://app.example.com", "http", "app.example.com", 80)]
    [InlineData("https://app.example.com:8443", "https", "app.example.com", 8443)]
    [InlineData("http://localhost:3000", "http", "localhost", 3000)]
    [InlineData("http://127.0.0.1:5000", "http", "127.0.0.1", 5000)]
    [InlineData("HTTPS://APP.EXAMPLE.COM", "https", "app.example.com", 443)]
    [InlineData("https://app.example.com.", "https", "app.example.com.", 443)]
    [InlineData("https://b\u00FCcher.example", "https", "xn--bcher-kva.example", 443)]
    public void An_origin_is_scheme_host_and_port(string text, string scheme, string host, int port) =>
        Assert.Equal(new WebOrigin(scheme, host, port), WebOrigin.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("app.example.com")]
    [InlineData("//app.example.com")]
    [InlineData("https://")]
    [InlineData("https:app.example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("chrome-extension://")]
    [InlineData("mailto:somebody@app.example.com")]
    [InlineData("https://app.example.com/")]
    [InlineData("https://app.example.com/page")]
    [InlineData("https://app.example.com?x")]
    [InlineData("https://app.example.com#x")]
    [InlineData("https://user@app.example.com")]
    [InlineData("https://user:password@app.example.com")]
    [InlineData("https://evil.example\\@app.example.com")]
    [InlineData(" https://app.example.com")]
    [InlineData("https://app.example.com ")]
    [InlineData("https://app.example.com https://evil.example")]
    [InlineData("https://app.example.com, https://evil.example")]
    [InlineData("https://app.example.com:99999")]
    [InlineData("https://app.example.com:port")]
    public void Anything_else_is_none(string text) => Assert.Null(WebOrigin.Parse(text));

    [Theory]
    [InlineData("capacitor://localhost", "localhost")]
    [InlineData("chrome-extension://abcdef", "abcdef")]
    [InlineData("tauri://localhost", "localhost")]
    public void Apps_and_extensions_have_origins_of_their_own(string text, string host)
    {
        var origin = WebOrigin.Parse(text);

        Assert.Equal((host, false), (origin?.Host, origin?.IsSite));
        Assert.NotEqual(WebOrigin.Parse($"https://{host}"), origin);
    }

    [Theory]
    [InlineData("https://app.example.com/", "https://app.example.com")]
    [InlineData("https://app.example.com/a/b?c=d#e", "https://app.example.com")]
    [InlineData("http://localhost:3000/x", "http://localhost:3000")]
    [InlineData("https://app.example.com", "https://app.example.com")]
    public void A_referer_is_a_page_of_its_origin(string referer, string origin) => Assert.Equal(WebOrigin.Parse(origin), WebOrigin.ParseReferer(referer));

    [Theory]
    [InlineData("")]
    [InlineData("/page")]
    [InlineData("app.example.com/page")]
    [InlineData("about:blank")]
    [InlineData("data:text/html,x")]
    [InlineData("https://app.example.com@evil.example/")]
    [InlineData("https://user:password@app.example.com/")]
    public void A_referer_that_names_no_page_of_the_web_has_no_origin(string referer) => Assert.Null(WebOrigin.ParseReferer(referer));
}

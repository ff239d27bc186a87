using AuthService.Api.Http.Browser;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

/// <summary>Pages are trusted when they are at the public address, at a trusted origin or at a trusted host name. Origin has priority over Referer.</summary>
public sealed class TrustedOriginsTests
{
    private readonly TrustedOrigins _origins = new(new FixedOptions<OriginOptions>(
        new()
        {
            Trusted =
            {
                "https://app.example.com", "http://localhost:3000", "Any.Example.Org", "[::1]", "2001:DB8::1",
                "b\u00fccher.example", "https://m\u00fcller.example",
            },
        }), new FixedOptions<PublicAddressOptions>(
        new() { PublicAddress = "https://auth.example.com:8443/accounts" }));

    [Theory]
    [InlineData("https://app.example.com", "Trusted")]
    [InlineData("https://app.example.com:443", "Trusted")]
    [InlineData("HTTPS://App.Example.Com", "Trusted")]
    [InlineData("http://localhost:3000", "Trusted")]
    [InlineData("https://any.example.org", "Trusted")]
    [InlineData("http://any.example.org:8080", "Trusted")]
    [InlineData("https://auth.example.com:8443", "Trusted")]
    [InlineData("http://[::1]:3000", "Trusted")]
    [InlineData("http://[2001:db8::1]", "Trusted")]
    [InlineData("https://xn--bcher-kva.example", "Trusted")]
    [InlineData("https://xn--mller-kva.example", "Trusted")]
    [InlineData("http://[::2]:3000", "Untrusted")]
    [InlineData("https://auth.example.com", "Untrusted")]
    [InlineData("http://app.example.com", "Untrusted")]
    [InlineData("https://app.example.com:8443", "Untrusted")]
    [InlineData("https://app.example.com.", "Untrusted")]
    [InlineData("https://app.example.com.evil.example", "Untrusted")]
    [InlineData("https://evilapp.example.com", "Untrusted")]
    [InlineData("https://sub.app.example.com", "Untrusted")]
    [InlineData("https://example.com", "Untrusted")]
    [InlineData("http://localhost", "Untrusted")]
    [InlineData("http://localhost:3001", "Untrusted")]
    [InlineData("https://localhost:3000", "Untrusted")]
    [InlineData("https://sub.any.example.org", "Untrusted")]
    [InlineData("https://any.example.org.evil.example", "Untrusted")]
    [InlineData("null", "Untrusted")]
    [InlineData("NULL", "Malformed")]
    [InlineData("https://app.example.com/", "Malformed")]
    [InlineData("https://app.example.com@evil.example", "Malformed")]
    [InlineData("https://user@app.example.com", "Malformed")]
    [InlineData("file://", "Untrusted")]
    [InlineData("x", "Malformed")]
    public void An_origin_is_judged_whole(string origin, string verdict) => Assert.Equal(verdict, Judge(origin, referer: null));

    [Theory]
    [InlineData(null, null, "Missing")]
    [InlineData("", null, "Missing")]
    [InlineData("   ", "", "Missing")]
    [InlineData("", "https://app.example.com/page?x", "Trusted")]
    [InlineData(null, "https://evil.example/app.example.com", "Untrusted")]
    [InlineData(null, "https://app.example.com@evil.example/", "Malformed")]
    [InlineData(null, "nonsense", "Malformed")]
    [InlineData("https://app.example.com", "https://evil.example/", "Trusted")]
    [InlineData("https://evil.example", "https://app.example.com/", "Untrusted")]
    [InlineData("null", "https://app.example.com/", "Untrusted")]
    [InlineData("x", "https://app.example.com/", "Malformed")]
    public void Origin_wins_over_Referer_and_a_blank_one_counts_as_missing(string? origin, string? referer, string verdict) =>
        Assert.Equal(verdict, Judge(origin, referer));

    [Fact]
    public void Two_origins_at_once_are_none() => Assert.Equal("Malformed", Judge("https://app.example.com,https://app.example.com", referer: null));

    [Theory]
    [InlineData("cross-site", true)]
    [InlineData("Cross-Site", true)]
    [InlineData("same-origin", false)]
    [InlineData("same-site", false)]
    [InlineData("none", false)]
    [InlineData(null, false)]
    public void The_browser_itself_says_when_a_page_of_another_site_asks(string? site, bool crossSite)
    {
        var request = new DefaultHttpContext().Request;
        if (site is not null)
            request.Headers["Sec-Fetch-Site"] = site;

        Assert.Equal(crossSite, TrustedOrigins.IsCrossSite(request));
    }

    [Fact]
    public void Every_fault_of_the_settings_is_named_at_once_with_key_and_value()
    {
        var options = new OriginOptions { Trusted = { "https://fine.example", "https://with.path/x", "fine.example", "no host!", "", "null" } };

        var faults = new OriginOptionsValidator().Validate(name: null, options).Failures!.ToArray();

        Assert.Collection(
            faults,
            fault => Assert.Matches("^Origins:Trusted:1 .*\"https://with.path/x\"$", fault),
            fault => Assert.Matches("^Origins:Trusted:3 .*\"no host!\"$", fault),
            fault => Assert.Matches("^Origins:Trusted:4 .*\"\"$", fault),
            fault => Assert.StartsWith("Origins:Trusted:5 is \"null\"", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void To_trust_nobody_is_a_fault()
    {
        var faults = new OriginOptionsValidator().Validate(name: null, new OriginOptions()).Failures!;

        Assert.Contains("Origins:Trusted:0", Assert.Single(faults), StringComparison.Ordinal);
    }

    private string Judge(string? origin, string? referer)
    {
        var request = new DefaultHttpContext().Request;
        if (origin is not null)
            request.Headers.Origin = origin;
        if (referer is not null)
            request.Headers.Referer = referer;
        return _origins.Judge(request).ToString();
    }
}

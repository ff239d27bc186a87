using System.Net;
using AuthService.Api.Http.Limits;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

public sealed class ReverseProxyOptionsTests
{
    private readonly ReverseProxyOptions _options = new()
    {
        KnownProxies = { "::ffff:10.0.0.9", "10.0.0.10", "2001:db8::1" },
        KnownNetworks = { "::ffff:192.168.0.0/112", "172.16.0.0/12" },
    };

    [Theory]
    [InlineData("10.0.0.9", true)]
    [InlineData("::ffff:10.0.0.9", true)]
    [InlineData("::ffff:10.0.0.10", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("192.168.7.7", true)]
    [InlineData("::ffff:172.16.1.1", true)]
    [InlineData("10.0.0.11", false)]
    [InlineData("192.169.0.1", false)]
    public void An_IPv4_address_is_the_same_in_its_IPv6_form(string peer, bool isKnown)
    {
        Assert.True(new ReverseProxyOptionsValidator().Validate(name: null, _options).Succeeded);
        Assert.Equal(isKnown, _options.Knows(IPAddress.Parse(peer)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("proxy")]
    [InlineData("10.0.0.0/8")]
    public void What_is_no_whole_address_is_refused(string proxy)
    {
        var faults = new ReverseProxyOptionsValidator().Validate(name: null, new() { KnownProxies = { proxy } }).Failures!;

        Assert.Contains($"\"{proxy}\"", Assert.Single(faults), StringComparison.Ordinal);
    }
}

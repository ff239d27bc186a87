using System.Net;
using AuthService.Api.Http.Limits;
using Xunit;

namespace AuthService.UnitTests.Api.Http;

public sealed class AddressKeyTests
{
    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff")]
    [InlineData("fe80::1%1", "fe80::2%2")]
    public void One_owner_has_one_key(string one, string same) => Assert.Equal(KeyOf(one), KeyOf(same));

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.10")]
    [InlineData("203.0.113.9", "9.203.0.113")]
    [InlineData("::ffff:203.0.113.9", "::ffff:203.0.113.10")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1")]
    [InlineData("0.0.0.0", "::")]
    [InlineData("0.0.0.0", null)]
    public void Others_have_others(string one, string? other) => Assert.NotEqual(KeyOf(one), KeyOf(other), StringComparer.Ordinal);

    private static string KeyOf(string? address) =>
        AddressKey.Of(address is null ? null : IPAddress.Parse(address), stackalloc byte[AddressKey.BufferSize]).ToString();
}

using Microsoft.Extensions.Hosting;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>The public address is its own setting, or the issuer when that is an address.</summary>
public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("https://auth.example.com", null, "https://auth.example.com")]
    [InlineData("https://auth.example.com/", null, "https://auth.example.com")]
    [InlineData("https://auth.example.com", "http://auth.internal:8080/accounts/", "http://auth.internal:8080/accounts")]
    [InlineData("cloud.example", "https://auth.example.com", "https://auth.example.com")]
    [InlineData("urn:example:auth", "HTTPS://auth.example.com", "HTTPS://auth.example.com")]
    public void It_is_the_setting_or_else_the_issuer(string issuer, string? address, string expected)
    {
        using var fixture = new TokenFixture(SettingsFor(issuer, address));

        Assert.Empty(fixture.Faults());
        Assert.Equal(expected, fixture.Address.PublicAddress);
        Assert.Equal(expected.StartsWith("https", StringComparison.OrdinalIgnoreCase), fixture.Address.IsHttps);
    }

    [Theory]
    [InlineData("cloud.example", null, "PublicAddress is missing.*\"cloud.example\"")]
    [InlineData("ftp://auth.example.com", null, "PublicAddress is missing")]
    [InlineData("urn:example:auth", "", "PublicAddress is missing")]
    [InlineData("cloud.example", "auth.example.com", "PublicAddress .*\"auth.example.com\"$")]
    [InlineData("cloud.example", "/relative", "PublicAddress .*\"/relative\"$")]
    [InlineData("https://auth.example.com", "https://auth.example.com/?x", "PublicAddress .*\\?x\"$")]
    [InlineData("https://auth.example.com", "https://user@auth.example.com", "PublicAddress .*\"$")]
    public void Nowhere_is_a_fault_outside_Development(string issuer, string? address, string fault)
    {
        using var fixture = new TokenFixture(SettingsFor(issuer, address));

        Assert.Matches($"^{fault}", Assert.Single(fixture.Faults()));
    }

    [Fact]
    public void In_Development_it_is_the_usual_address()
    {
        using var fixture = new TokenFixture(Environments.Development, SettingsFor("cloud.example", address: null));

        Assert.Empty(fixture.Faults());
        Assert.Equal("http://localhost:8080", fixture.Address.PublicAddress);
    }

    [Fact]
    public void It_changes_together_with_the_issuer()
    {
        using var fixture = new TokenFixture(SettingsFor("https://auth.example.com", address: null));
        _ = fixture.Address;

        fixture.Change(("Jwt:Issuer", "https://elsewhere.example.com"));

        Assert.Equal("https://elsewhere.example.com", fixture.Address.PublicAddress);
    }

    private static (string Key, string Value)[] SettingsFor(string issuer, string? address) =>
    [
        .. TestKeys.Settings(0, "ES256"), ("Jwt:Issuer", issuer), .. address is null ? [] : new[] { ("PublicAddress", address) },
        ("Encryption:Keys:0:KeyId", "k"), ("Encryption:Keys:0:Key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ];
}

using AuthService.SignIn.Passkeys;
using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.SignIn;

public sealed class PasskeyOptionsTests
{
    [Theory]
    [InlineData("https://auth.example.com", "auth.example.com", "https://auth.example.com")]
    [InlineData("https://auth.example.com:8443/prefix", "auth.example.com", "https://auth.example.com:8443")]
    [InlineData("http://localhost:8080", "localhost", "http://localhost:8080")]
    [InlineData("https://bücher.example", "xn--bcher-kva.example", "https://xn--bcher-kva.example")]
    public void Without_settings_it_is_the_public_address(string address, string id, string origin)
    {
        var party = RelyingParty.Find(new PasskeyOptions(), new PublicAddressOptions { PublicAddress = address });

        Assert.Equal((id, origin), (party!.Id, Assert.Single(party.Origins)));
        Assert.Empty(FaultsOf(new PasskeyOptions(), address));
    }

    [Theory]
    [InlineData("example.com", "https://example.com", true)]
    [InlineData("example.com", "https://login.example.com:8443", true)]
    [InlineData("example.com", "https://evilexample.com", false)]
    [InlineData("login.example.com", "https://example.com", false)]
    [InlineData("example.com", "https://example.com.evil.org", false)]
    public void The_pages_are_of_the_site_or_below_it(string id, string origin, bool isRight)
    {
        var faults = FaultsOf(new PasskeyOptions { RelyingPartyId = id, Origins = { origin } }, "https://elsewhere.example.org");

        Assert.Equal(isRight ? 0 : 1, faults.Length);
        Assert.All(faults, fault => Assert.Contains(origin, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void A_site_of_which_the_public_address_is_no_page_needs_origins() =>
        Assert.Contains("Passkeys:Origins", Assert.Single(FaultsOf(new PasskeyOptions { RelyingPartyId = "example.org" }, "https://auth.example.com")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("https://example.com")]
    [InlineData("Example.com")]
    [InlineData("example.com:443")]
    [InlineData("bücher.example")]
    [InlineData("127.0.0.1")]
    [InlineData("")]
    public void An_id_is_a_host_name(string id) =>
        Assert.Contains("Passkeys:RelyingPartyId", Assert.Single(FaultsOf(new PasskeyOptions { RelyingPartyId = id }, "https://auth.example.com")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("auth.example.com")]
    [InlineData("https://auth.example.com/")]
    [InlineData("https://AUTH.example.com")]
    [InlineData("https://auth.example.com:443")]
    [InlineData("ftp://auth.example.com")]
    [InlineData("")]
    public void An_origin_is_written_as_browsers_do(string origin)
    {
        var faults = FaultsOf(new PasskeyOptions { Origins = { "https://auth.example.com", origin } }, "https://auth.example.com");

        Assert.Contains("Passkeys:Origins:1", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static string[] FaultsOf(PasskeyOptions options, string address) =>
        [.. ValidatorAt(address).Validate(name: null, options).Failures ?? []];

    private static PasskeyOptionsValidator ValidatorAt(string address) => new(new FixedOptions<PublicAddressOptions>(new() { PublicAddress = address }));
}

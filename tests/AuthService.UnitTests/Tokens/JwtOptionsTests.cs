using System.Security.Cryptography;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Invalid settings of tokens and keys prevent the start. All of them are reported at once, each with its key and value.</summary>
public sealed class JwtOptionsTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("HS512")]
    public void A_good_key_has_no_fault(string algorithm) => Assert.Empty(FaultsOf(TestKeys.Settings(0, algorithm)));

    [Fact]
    public void A_key_may_stand_in_a_file()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, TestKeys.PemFor("ES256"));

        Assert.Empty(FaultsOf(("Jwt:SigningKeys:0:KeyId", "k"), ("Jwt:SigningKeys:0:PrivateKeyFile", path)));

        File.Delete(path);
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_key_and_value()
    {
        var faults = FaultsOf(
            ("PublicAddress", "https://auth.example.com"),
            ("Jwt:Issuer", "no scheme: x"),
            ("Jwt:AccessTokenLifetime", "00:00:00"),
            ("Jwt:OneTimeTokenLifetime", "-00:00:30"),
            ("Jwt:ClaimRetention", "-00:01:00"),
            ("Jwt:SigningKeys:0:KeyId", ""),
            ("Jwt:SigningKeys:0:Algorithm", "HS256"),
            ("Jwt:SigningKeys:1:KeyId", "twice"),
            ("Jwt:SigningKeys:1:ActiveFrom", "2030-01-02T00:00:00Z"),
            ("Jwt:SigningKeys:1:RetireAfter", "2030-01-01T00:00:00Z"),
            ("Jwt:SigningKeys:2:KeyId", "twice"),
            ("Jwt:SigningKeys:2:PrivateKeyFile", "/no/such/key.pem"));

        Assert.Collection(
            faults,
            fault => Assert.Matches("^Jwt:Issuer .*\"no scheme: x\"$", fault),
            fault => Assert.Matches("^Jwt:AccessTokenLifetime .*00:00:00$", fault),
            fault => Assert.Matches("^Jwt:OneTimeTokenLifetime .*-00:00:30$", fault),
            fault => Assert.Matches("^Jwt:ClaimRetention .*-00:01:00$", fault),
            fault => Assert.Matches("^Jwt:SigningKeys: .*\"twice\".*2 times$", fault),
            fault => Assert.Matches("^Jwt:SigningKeys:0:KeyId ", fault),
            fault => Assert.Matches("^Jwt:SigningKeys:0 .*\"HS256\" is not one of ES256, ES384, RS256, PS256, HS512", fault),
            fault => Assert.Matches("^Jwt:SigningKeys:1:RetireAfter \\(2030-01-01.* ActiveFrom \\(2030-01-02", fault),
            fault => Assert.Matches("^Jwt:SigningKeys:1 .*\"twice\".*either PrivateKeyPem or PrivateKeyFile", fault),
            fault => Assert.Matches("^Jwt:SigningKeys:2 .*\"twice\".*/no/such/key.pem", fault));
    }

    /// <summary>The clock of a verifier may be half a minute behind, so that it claims a token that has expired here.</summary>
    [Theory]
    [InlineData("00:01:00", true)]
    [InlineData("00:00:59.999", false)]
    public void A_claim_outlives_the_token_on_every_clock(string retention, bool isEnough)
    {
        var faults = FaultsOf([.. TestKeys.Settings(0, "ES256"), ("Jwt:OneTimeTokenLifetime", "00:00:30"), ("Jwt:ClaimRetention", retention)]);

        Assert.Equal(isEnough ? [] : ["Jwt:ClaimRetention"], faults.Select(fault => fault.Split(' ')[0]), StringComparer.Ordinal);
    }

    [Fact]
    public void To_have_no_key_is_a_fault() => Assert.Contains("Jwt:SigningKeys:0 is missing", Assert.Single(FaultsOf()), StringComparison.Ordinal);

    /// <summary>The issuer is a StringOrURI (RFC 7519, section 2).</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData(" cloud.example", false)]
    [InlineData("cloud.example\n", false)]
    [InlineData("not a scheme: x", false)]
    [InlineData("cloud.example", true)]
    [InlineData("urn:example:auth", true)]
    [InlineData("https://auth.example.com", true)]
    public void The_issuer_is_any_text_or_a_URI(string issuer, bool isFine)
    {
        var faults = FaultsOf([.. TestKeys.Settings(0, "ES256"), ("PublicAddress", "https://auth.example.com"), ("Jwt:Issuer", issuer)]);

        if (isFine)
            Assert.Empty(faults);
        else
            Assert.EndsWith($"\"{issuer.Replace("\n", "\\n", StringComparison.Ordinal)}\"", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a key")]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void A_text_that_is_no_key_is_a_fault(string pem) => Assert.Contains("\"k\"", FaultOf("ES256", pem), StringComparison.Ordinal);

    [Fact]
    public void A_public_key_cannot_sign()
    {
        Assert.Contains("\"k\"", FaultOf("ES256", TestKeys.P256.ExportSubjectPublicKeyInfoPem()), StringComparison.Ordinal);
        Assert.Contains("\"k\"", FaultOf("RS256", TestKeys.Rsa.ExportSubjectPublicKeyInfoPem()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_must_suit_its_algorithm()
    {
        using var small = RSA.Create(1024);

        Assert.Contains("P-256", FaultOf("ES256", TestKeys.PemFor("ES384")), StringComparison.Ordinal);
        Assert.Contains("P-384", FaultOf("ES384", TestKeys.PemFor("ES256")), StringComparison.Ordinal);
        Assert.Contains("2048", FaultOf("RS256", small.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("2048", FaultOf("PS256", small.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("\"k\"", FaultOf("RS256", TestKeys.PemFor("ES256")), StringComparison.Ordinal);
        Assert.Contains("\"k\"", FaultOf("ES256", TestKeys.PemFor("RS256")), StringComparison.Ordinal);
    }

    /// <summary>secp256k1 has 256 bits too, but is another curve.</summary>
    [Fact]
    public void Another_curve_of_the_same_size_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));

        Assert.Contains("\"k\"", FaultOf("ES256", other.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public void A_secret_has_at_least_64_bytes_as_base64(string secret)
    {
        var fault = Assert.Single(FaultsOf(("Jwt:SigningKeys:0:KeyId", "k"), ("Jwt:SigningKeys:0:Algorithm", "HS512"), ("Jwt:SigningKeys:0:Secret", secret)));

        Assert.Contains("\"k\"", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_never_shows_the_secret()
    {
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(63));

        var fault = Assert.Single(FaultsOf(("Jwt:SigningKeys:0:KeyId", "k"), ("Jwt:SigningKeys:0:Algorithm", "HS512"), ("Jwt:SigningKeys:0:Secret", secret)));

        Assert.DoesNotContain(secret[..8], fault, StringComparison.Ordinal);
    }

    /// <summary>On most systems the second text is too long for a path, and their error message contains the path.</summary>
    [Fact]
    public void A_key_in_place_of_its_path_is_not_shown()
    {
        foreach (var body in new[] { TestKeys.P256.ExportPkcs8PrivateKey(), TestKeys.Rsa.ExportPkcs8PrivateKey() }.Select(Convert.ToBase64String))
        {
            var fault = Assert.Single(FaultsOf(("Jwt:SigningKeys:0:KeyId", "k"), ("Jwt:SigningKeys:0:PrivateKeyFile", body)));

            Assert.Matches("^Jwt:SigningKeys:0 .*\"k\".* PrivateKeyFile cannot be read: ", fault);
            Assert.All(body.Split('/'), part => Assert.False(part.Length > 8 && fault.Contains(part, StringComparison.Ordinal), fault));
        }
    }

    private static string FaultOf(string algorithm, string pem) => Assert.Single(FaultsOf(
        ("Jwt:SigningKeys:0:KeyId", "k"), ("Jwt:SigningKeys:0:Algorithm", algorithm), ("Jwt:SigningKeys:0:PrivateKeyPem", pem)));

    private static IReadOnlyList<string> FaultsOf(params (string Key, string Value)[] settings)
    {
        using var fixture = new TokenFixture(settings);
        return fixture.Faults();
    }
}

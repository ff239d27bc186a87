using System.Security.Cryptography;
using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Private keys are read in all their formats.</summary>
public sealed class SigningKeyReadingTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public void A_PEM_on_one_line_is_taken(string algorithm)
    {
        var pem = TestKeys.PemFor(algorithm).ReplaceLineEndings("\\n");

        var key = SigningKey.Read(new() { KeyId = "one", Algorithm = algorithm, PrivateKeyPem = pem }, contentRoot: "/");

        Assert.Equal(algorithm, key.Algorithm);
    }

    /// <summary>Some systems recognize a named curve from its parameters, and others do not.</summary>
    [Fact]
    public void A_curve_by_parameters_is_taken_or_refused_in_words()
    {
        using var key = ECDsa.Create(TestKeys.P256.ExportExplicitParameters(includePrivateParameters: true));
        var options = new SigningKeyOptions { KeyId = "explicit", Algorithm = "ES256", PrivateKeyPem = key.ExportPkcs8PrivateKeyPem() };

        var error = Record.Exception(() => SigningKey.Read(options, contentRoot: "/"));

        if (error is not null)
            Assert.Contains("named_curve", Assert.IsType<ArgumentException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_in_place_of_its_path_is_refused_and_not_shown()
    {
        var options = new SigningKeyOptions { KeyId = "file", Algorithm = "ES256", PrivateKeyFile = TestKeys.PemFor("ES256") };

        var error = Assert.Throws<ArgumentException>(() => SigningKey.Read(options, contentRoot: "/"));

        Assert.DoesNotContain("BEGIN", error.Message, StringComparison.Ordinal);
        Assert.Contains("PrivateKeyPem", error.Message, StringComparison.Ordinal);
    }
}

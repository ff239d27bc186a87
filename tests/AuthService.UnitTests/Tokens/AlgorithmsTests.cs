using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>All five algorithms sign, verify and publish (src/AuthService/README.md#access-tokens).</summary>
public sealed class AlgorithmsTests
{
    public static TheoryData<string> All { get; } = ["ES256", "ES384", "RS256", "PS256", "HS512"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_is_written_is_read_back(string algorithm)
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, algorithm));
        var token = fixture.NewToken() with
        {
            ExtendedByChain = ["_a", "_b"],
            SessionId = Guid.NewGuid(),
            Jti = "once",
            ServiceLicenseAgreement = true
        };

        var read = await fixture.Reader.ReadAsync(fixture.Writer.Write(token));

        Assert.Equivalent(token, read, strict: true);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_header_holds_the_algorithm_the_key_and_the_type(string algorithm)
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, algorithm));

        var header = System.Text.Json.Nodes.JsonNode.Parse(Base64UrlEncoder.Decode(fixture.Writer.Write(fixture.NewToken()).Split('.')[0]))!.AsObject();

        Assert.Equal(["alg", "kid", "typ"], header.Select(member => member.Key).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal((algorithm, $"key-{algorithm}", "at+jwt"), ((string)header["alg"]!, (string)header["kid"]!, (string)header["typ"]!));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_token_of_another_key_of_the_same_id_is_refused(string algorithm)
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, algorithm));
        using var stranger = new TokenFixture(
            ("Jwt:SigningKeys:0:KeyId", $"key-{algorithm}"), ("Jwt:SigningKeys:0:Algorithm", algorithm), FreshMaterial(algorithm));

        Assert.NotNull(await stranger.Reader.ReadAsync(stranger.Writer.Write(stranger.NewToken())));
        Assert.Null(await fixture.Reader.ReadAsync(stranger.Writer.Write(stranger.NewToken())));
    }

    [Theory]
    [InlineData("ES256", "EC", "P-256")]
    [InlineData("ES384", "EC", "P-384")]
    [InlineData("RS256", "RSA", null)]
    [InlineData("PS256", "RSA", null)]
    public void The_published_key_has_public_parts_only(string algorithm, string type, string? curve)
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, algorithm));

        var jwk = Assert.Single(fixture.Ring.Current.All).ToPublicJwk()!;

        Assert.Equal((type, curve, algorithm, "sig", $"key-{algorithm}"), (jwk.Kty, jwk.Crv, jwk.Alg, jwk.Use, jwk.Kid));
        Assert.False(jwk.HasPrivateKey);
        Assert.All([jwk.D, jwk.DP, jwk.DQ, jwk.P, jwk.Q, jwk.QI, jwk.K], Assert.Null);
    }

    [Fact]
    public void A_shared_secret_is_not_published()
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, "HS512"));

        Assert.Null(Assert.Single(fixture.Ring.Current.All).ToPublicJwk());
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public void Others_can_verify_with_the_published_key_alone(string algorithm)
    {
        using var fixture = new TokenFixture(TestKeys.Settings(0, algorithm));
        var jwk = Assert.Single(fixture.Ring.Current.All).ToPublicJwk()!;
        var parts = fixture.Writer.Write(fixture.NewToken()).Split('.');
        var (signed, signature) = (System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64UrlEncoder.DecodeBytes(parts[2]));

        Assert.True(Verify(jwk, signed, signature));
        signed[^1] ^= 1;
        Assert.False(Verify(jwk, signed, signature));
    }

    /// <summary>Verifies a signature with only the cryptography of the platform.</summary>
    private static bool Verify(JsonWebKey jwk, byte[] signed, byte[] signature)
    {
        if (jwk.Kty == "EC")
        {
            var curve = jwk.Crv == "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
            var point = new ECPoint { X = Base64UrlEncoder.DecodeBytes(jwk.X), Y = Base64UrlEncoder.DecodeBytes(jwk.Y) };
            using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = point });
            return ecdsa.VerifyData(signed, signature, jwk.Crv == "P-256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
        }

        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(jwk.N), Exponent = Base64UrlEncoder.DecodeBytes(jwk.E) });
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, jwk.Alg == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private static (string Key, string Value) FreshMaterial(string algorithm)
    {
        if (algorithm is "HS512")
            return ("Jwt:SigningKeys:0:Secret", Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)));
        using AsymmetricAlgorithm key = algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => RSA.Create(2048),
        };
        return ("Jwt:SigningKeys:0:PrivateKeyPem", key.ExportPkcs8PrivateKeyPem());
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.Tokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>The hostile headers and signatures of SECURITY 10. Each differs from a valid token in one thing; none is accepted or causes an exception.</summary>
public sealed class HostileTokenTests : IDisposable
{
    private readonly TokenFixture _fixture = new([.. TestKeys.Settings(0, "ES256"), .. TestKeys.Settings(1, "RS256"), .. TestKeys.Settings(2, "HS512")]);

    private JsonObject Claims => Forgery.Claims(_fixture.Clock.Now);

    [Fact]
    public async Task The_token_that_all_others_are_made_from_is_good()
    {
        Assert.NotNull(await ReadAsync(Forgery.Sign(Forgery.Header("ES256"), Claims)));
        Assert.NotNull(await ReadAsync(Sign(Forgery.Header("RS256"), Forgery.Rs256)));
        Assert.NotNull(await ReadAsync(Sign(Forgery.Header("HS512"), Forgery.Hs512)));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task No_signature_is_no_token(string algorithm)
    {
        foreach (var header in new[] { Forgery.Header(algorithm, "key-ES256"), new JsonObject { ["alg"] = algorithm, ["typ"] = "at+jwt" } })
        {
            var signed = $"{Forgery.Encode(header.ToJsonString())}.{Forgery.Encode(Claims.ToJsonString())}";
            await RefusedAsync($"{signed}.");
            await RefusedAsync(signed);
            await RefusedAsync(Forgery.Seal(signed, Forgery.P256));
        }
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task A_public_key_is_no_shared_secret(string algorithm)
    {
        var publicParts = new[]
        {
            Encoding.ASCII.GetBytes(TestKeys.P256.ExportSubjectPublicKeyInfoPem()),
            TestKeys.P256.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(TestKeys.Rsa.ExportRSAPublicKeyPem()),
            TestKeys.Rsa.ExportSubjectPublicKeyInfo(),
            TestKeys.Rsa.ExportParameters(includePrivateParameters: false).Modulus!,
        };
        foreach (var secret in publicParts)
        {
            await RefusedAsync(Sign(Forgery.Header(algorithm, "key-ES256"), signed => Hmac(algorithm, secret, signed)));
            await RefusedAsync(Sign(Forgery.Header(algorithm, "key-RS256"), signed => Hmac(algorithm, secret, signed)));
        }
    }

    [Fact]
    public async Task A_key_signs_with_its_one_algorithm_only()
    {
        await RefusedAsync(Sign(Forgery.Header("PS256", "key-RS256"), Forgery.Ps256));
        await RefusedAsync(Sign(
            Forgery.Header("RS384", "key-RS256"), signed => TestKeys.Rsa.SignData(signed, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)));
        await RefusedAsync(Sign(Forgery.Header("HS256", "key-HS512"), signed => HMACSHA256.HashData(TestKeys.Secret, signed)));
        await RefusedAsync(Sign(Forgery.Header("ES384", "key-ES256"), Forgery.P384));
        await RefusedAsync(Sign(Forgery.Header("es256", "key-ES256"), Forgery.P256));
    }

    [Fact]
    public async Task The_key_id_names_the_key()
    {
        await RefusedAsync(Sign(Forgery.Header("RS256", "key-ES256"), Forgery.Rs256));
        await RefusedAsync(Sign(Forgery.Header("ES256", "key-RS256"), Forgery.P256));
        await RefusedAsync(Sign(Forgery.Header("ES256", "key-HS512"), Forgery.P256));
        await RefusedAsync(Sign(Without(Forgery.Header("ES256"), "kid"), Forgery.P256));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("KEY-ES256")]
    [InlineData("key-ES256 ")]
    [InlineData("key-ES256\0")]
    [InlineData("'; ALTER TABLE sessions RENAME TO sessions_gone; --")]
    [InlineData("../../../../dev/null")]
    [InlineData("\"")]
    [InlineData("https://evil.example/key")]
    public async Task An_odd_key_id_names_no_key(string keyId) => await RefusedAsync(Sign(Forgery.Header("ES256", keyId), Forgery.P256));

    [Fact]
    public async Task A_key_id_of_10_KB_is_refused_for_its_length() =>
        await RefusedAsync(Sign(Forgery.Header("ES256", new string('k', 10_000)), Forgery.P256));

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[\"key-ES256\"]")]
    [InlineData("{}")]
    public async Task A_key_id_that_is_no_text_names_no_key(string json) => await RefusedAsync(Sign(Set(Forgery.Header("ES256"), "kid", json), Forgery.P256));

    [Fact]
    public async Task A_key_that_the_header_brings_along_is_not_believed()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] Signer(byte[] signed) => own.SignData(signed, HashAlgorithmName.SHA256);
        var point = own.ExportParameters(includePrivateParameters: false).Q;
        var jwk = $$"""{"kty":"EC","crv":"P-256","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}""";
        foreach (var keyId in new[] { "key-ES256", "own" })
        {
            await RefusedAsync(Sign(Forgery.Header("ES256", keyId), Signer));
            await RefusedAsync(Sign(Set(Forgery.Header("ES256", keyId), "jwk", jwk), Signer));
            await RefusedAsync(Sign(Set(Forgery.Header("ES256", keyId), "jku", "\"https://evil.example/jwks.json\""), Signer));
            await RefusedAsync(Sign(Set(Forgery.Header("ES256", keyId), "x5u", "\"https://evil.example/cert.pem\""), Signer));
            await RefusedAsync(Sign(Set(Forgery.Header("ES256", keyId), "x5c", "[\"AAAA\"]"), Signer));
        }
    }

    /// <summary>A reader must refuse critical headers that it does not know (RFC 7515, 4.1.11), even when the signature is valid.</summary>
    [Theory]
    [InlineData("[\"b64\"]")]
    [InlineData("[\"http://example.com/UNDEFINED\"]")]
    [InlineData("[]")]
    [InlineData("[\"exp\"]")]
    [InlineData("null")]
    [InlineData("\"exp\"")]
    public async Task A_critical_header_is_refused(string json) => await RefusedAsync(Sign(Set(Forgery.Header("ES256"), "crit", json), Forgery.P256));

    [Theory]
    [InlineData(null)]
    [InlineData("\"JWT\"")]
    [InlineData("\"jwt\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"id+jwt\"")]
    [InlineData("\"logout+jwt\"")]
    [InlineData("\"at+jwt \"")]
    [InlineData("[\"at+jwt\"]")]
    [InlineData("\"one-time+jwt\"")]
    [InlineData("\"One-Time+JWT\"")]
    public async Task Another_kind_of_JWT_is_no_access_token(string? type)
    {
        var header = type is null ? Without(Forgery.Header("ES256"), "typ") : Set(Forgery.Header("ES256"), "typ", type);

        await RefusedAsync(Sign(header, Forgery.P256));
    }

    /// <summary>Tokens of the old type are tested too, because an instance of the previous version may still issue them.</summary>
    [Theory]
    [InlineData("one-time+jwt")]
    [InlineData("at+jwt")]
    public async Task A_one_time_token_is_told_by_its_jti(string type)
    {
        var (header, claims) = (Forgery.Header("ES256"), Claims);
        (header["typ"], claims["jti"]) = (type, "once");

        Assert.Equal("once", (await ReadAsync(Forgery.Sign(header, claims)))?.Jti);
    }

    [Fact]
    public async Task A_changed_signature_or_text_is_refused()
    {
        var good = Forgery.Sign(Forgery.Header("ES256"), Claims);
        var (header, claims, signature) = (good.Split('.')[0], good.Split('.')[1], good.Split('.')[2]);
        var admin = Claims;
        admin["role"] = "ADMIN";

        await RefusedAsync($"{header}.{Forgery.Encode(admin.ToJsonString())}.{signature}");
        await RefusedAsync($"{header}.{claims}.{(signature[0] == 'A' ? 'B' : 'A')}{signature[1..]}");
        await RefusedAsync($"{header}.{claims}.{signature[..^4]}");
        await RefusedAsync($"{header}.{claims}.");
        await RefusedAsync($"{header}.{claims}.{Base64UrlEncoder.Encode(new byte[64])}"); // "psychic signatures", CVE-2022-21449
    }

    public void Dispose() => _fixture.Dispose();

    private static byte[] Hmac(string algorithm, byte[] secret, byte[] signed) => algorithm switch
    {
        "HS256" => HMACSHA256.HashData(secret, signed),
        "HS384" => HMACSHA384.HashData(secret, signed),
        _ => HMACSHA512.HashData(secret, signed),
    };

    private static JsonObject Set(JsonObject json, string name, string value)
    {
        json[name] = JsonNode.Parse(value);
        return json;
    }

    private static JsonObject Without(JsonObject json, string name)
    {
        json.Remove(name);
        return json;
    }

    private string Sign(JsonObject header, Func<byte[], byte[]> signer) => Forgery.Sign(header.ToJsonString(), Claims.ToJsonString(), signer);

    private Task<AccessToken?> ReadAsync(string text) => _fixture.Reader.ReadAsync(text);

    private async Task RefusedAsync(string text) => Assert.True(await ReadAsync(text) is null, text);
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using static System.Buffers.Text.Base64Url;

namespace AuthService.ApiTests.OAuth;

/// <summary>Creates signing keys for the settings, and uses the published ones as another service would.</summary>
public static class SigningKeys
{
    private static readonly RSA Rsa = RSA.Create(2048);

    /// <summary>Returns settings with a new key at this index. Index 0 is the host's own key, <c>test-es256</c>.</summary>
    public static Settings At(int index, string algorithm, string keyId, DateTimeOffset? activeFrom = null, DateTimeOffset? retireAfter = null)
    {
        var settings = Dates(index, activeFrom, retireAfter);
        var place = $"Jwt:SigningKeys:{index}";
        settings[$"{place}:KeyId"] = keyId;
        settings[$"{place}:Algorithm"] = algorithm;
        if (algorithm is "HS512")
            settings[$"{place}:Secret"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        else
            settings[$"{place}:PrivateKeyPem"] = NewPem(algorithm);
        return settings;
    }

    public static Settings Dates(int index, DateTimeOffset? activeFrom = null, DateTimeOffset? retireAfter = null) => new()
    {
        [$"Jwt:SigningKeys:{index}:ActiveFrom"] = activeFrom?.ToString("O", CultureInfo.InvariantCulture),
        [$"Jwt:SigningKeys:{index}:RetireAfter"] = retireAfter?.ToString("O", CultureInfo.InvariantCulture),
    };

    /// <summary>Gets the published keys by their ids.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonElement>> PublishedKeysAsync(this AuthHost host)
    {
        var document = await host.GetAsync("/.well-known/jwks.json").ExpectAsync(HttpStatusCode.OK);
        return document.GetProperty("keys").EnumerateArray().ToDictionary(key => key.Text("kid"), StringComparer.Ordinal);
    }

    /// <summary>Verifies a token with a published key, using only the cryptography of .NET.</summary>
    public static bool Verifies(JsonElement jwk, string token)
    {
        var (signed, signature) = (Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), DecodeFromChars(token.AsSpan(token.LastIndexOf('.') + 1)));
        if (jwk.Text("kty") == "EC")
        {
            var small = jwk.Text("crv") == "P-256";
            var point = new ECPoint { X = DecodeFromChars(jwk.Text("x")), Y = DecodeFromChars(jwk.Text("y")) };
            using var ecdsa = ECDsa.Create(new ECParameters { Curve = small ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384, Q = point });
            return ecdsa.VerifyData(signed, signature, small ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
        }

        using var rsa = RSA.Create(new RSAParameters { Modulus = DecodeFromChars(jwk.Text("n")), Exponent = DecodeFromChars(jwk.Text("e")) });
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, jwk.Text("alg") == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private static string NewPem(string algorithm)
    {
        if (algorithm is "RS256" or "PS256")
            return Rsa.ExportPkcs8PrivateKeyPem();
        using var key = ECDsa.Create(algorithm is "ES256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        return key.ExportPkcs8PrivateKeyPem();
    }
}

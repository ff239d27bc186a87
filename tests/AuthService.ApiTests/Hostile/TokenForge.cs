using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using static System.Buffers.Text.Base64Url;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// Signs tokens with the keys of the service, which the test wrote into its settings: an elliptic key, an RSA key and a shared secret. A forgery differs in one
/// thing from a token of this service, and has the best signature that an attacker could make.
/// </summary>
internal sealed class TokenForge : IDisposable
{
    public const string Elliptic = "own-es256";
    public const string Rsa = "own-rs256";
    public const string Shared = "own-hs512";

    private readonly ECDsa _elliptic = ECDsa.Create();
    private readonly RSA _rsa = RSA.Create();
    private readonly byte[] _shared;

    public TokenForge()
    {
        Settings = SigningKeys.At(0, "ES256", Elliptic).With(SigningKeys.At(1, "RS256", Rsa)).With(SigningKeys.At(2, "HS512", Shared));
        _elliptic.ImportFromPem(Settings["Jwt:SigningKeys:0:PrivateKeyPem"]);
        _rsa.ImportFromPem(Settings["Jwt:SigningKeys:1:PrivateKeyPem"]);
        _shared = Convert.FromBase64String(Settings["Jwt:SigningKeys:2:Secret"]!);
    }

    /// <summary>The settings with the keys, for the service.</summary>
    public Settings Settings { get; }

    /// <summary>The public parts of the keys, in each form that a verifier could mistake for a shared secret.</summary>
    public IEnumerable<byte[]> PublicParts
    {
        get
        {
            var point = _elliptic.ExportParameters(includePrivateParameters: false).Q;
            var modulus = _rsa.ExportParameters(includePrivateParameters: false).Modulus!;
            return
            [
                Encoding.ASCII.GetBytes(_elliptic.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes($"{_elliptic.ExportSubjectPublicKeyInfoPem()}\n"),
                _elliptic.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(Jwk(_elliptic, Elliptic).ToJsonString()), point.X!,
                [.. point.X!, .. point.Y!], [4, .. point.X!, .. point.Y!],
                Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(_rsa.ExportRSAPublicKeyPem()),
                _rsa.ExportSubjectPublicKeyInfo(), modulus,
                Encoding.ASCII.GetBytes(EncodeToString(modulus)), [],
            ];
        }
    }

    public static JsonObject Jwk(ECDsa key, string keyId)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = keyId,
            ["alg"] = "ES256",
            ["use"] = "sig",
            ["x"] = EncodeToString(point.X),
            ["y"] = EncodeToString(point.Y),
        };
    }

    public static string Encode(string text) => EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Seal(string header, string claims, Func<byte[], byte[]> sign)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public byte[] Es256(byte[] signed) => _elliptic.SignData(signed, HashAlgorithmName.SHA256);

    public byte[] Rs256(byte[] signed) => _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public byte[] Rs384(byte[] signed) => _rsa.SignData(signed, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);

    public byte[] Ps256(byte[] signed) => _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);

    public byte[] Hs512(byte[] signed) => HMACSHA512.HashData(_shared, signed);

    public byte[] Hs256(byte[] signed) => HMACSHA256.HashData(_shared, signed);

    public void Dispose()
    {
        _elliptic.Dispose();
        _rsa.Dispose();
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AuthService.UnitTests.Tokens;

/// <summary>Builds JWTs by hand, so that they can be wrong in every way.</summary>
internal static class Forgery
{
    public static JsonObject Header(string algorithm, string? keyId = null) => new()
    {
        ["alg"] = algorithm,
        ["kid"] = keyId ?? TestKeys.NameOf(algorithm),
        ["typ"] = "at+jwt",
    };

    /// <summary>Returns claims that the reader accepts at this moment.</summary>
    public static JsonObject Claims(DateTimeOffset now) => new()
    {
        ["iss"] = TokenFixture.Issuer,
        ["sub"] = "ada",
        ["aud"] = new JsonArray("all:write"),
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.ToUnixTimeSeconds() + 600,
        ["role"] = "USER",
        ["principalType"] = "password",
        ["extendedByChain"] = new JsonArray(),
    };

    public static string Sign(JsonNode header, JsonNode claims) => Sign(header.ToJsonString(), claims.ToJsonString(), P256);

    public static string Sign(string header, string claims, Func<byte[], byte[]> signer) => Seal($"{Encode(header)}.{Encode(claims)}", signer);

    public static string Seal(string signed, Func<byte[], byte[]> signer) => $"{signed}.{Base64Url.EncodeToString(signer(Encoding.ASCII.GetBytes(signed)))}";

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static byte[] P256(byte[] signed) => TestKeys.P256.SignData(signed, HashAlgorithmName.SHA256);

    public static byte[] P384(byte[] signed) => TestKeys.P384.SignData(signed, HashAlgorithmName.SHA384);

    public static byte[] Rs256(byte[] signed) => TestKeys.Rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public static byte[] Ps256(byte[] signed) => TestKeys.Rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);

    public static byte[] Hs512(byte[] signed) => HMACSHA512.HashData(TestKeys.Secret, signed);
}

using System.Security.Cryptography;

namespace AuthService.UnitTests.Tokens;

/// <summary>Keys that are created once for the run, because RSA keys are slow to create, and the settings with them.</summary>
internal static class TestKeys
{
    public static readonly ECDsa P256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    public static readonly ECDsa P384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    public static readonly RSA Rsa = RSA.Create(2048);
    public static readonly byte[] Secret = RandomNumberGenerator.GetBytes(64);

    /// <summary>Returns the settings of the key at this index. By default its id is that of <see cref="NameOf"/>.</summary>
    public static (string Key, string Value)[] Settings(int index, string algorithm, string? keyId = null)
    {
        var place = $"Jwt:SigningKeys:{index}";
        return
        [
            ($"{place}:KeyId", keyId ?? NameOf(algorithm)),
            ($"{place}:Algorithm", algorithm),
            algorithm is "HS512" ? ($"{place}:Secret", Convert.ToBase64String(Secret)) : ($"{place}:PrivateKeyPem", PemFor(algorithm)),
        ];
    }

    public static string NameOf(string algorithm) => $"key-{algorithm}";

    public static string PemFor(string algorithm) => algorithm switch
    {
        "ES256" => P256.ExportPkcs8PrivateKeyPem(),
        "ES384" => P384.ExportPkcs8PrivateKeyPem(),
        _ => Rsa.ExportPkcs8PrivateKeyPem(),
    };
}

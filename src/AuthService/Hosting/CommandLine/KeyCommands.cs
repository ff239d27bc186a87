using System.CommandLine;
using System.Security.Cryptography;
using AuthService.Configuration;
using AuthService.Tokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Hosting.CommandLine;

/// <summary>The commands for keys. Keys are kept in the settings: these commands only create and show them.</summary>
internal static class KeyCommands
{
    /// <summary>The algorithm of a key of Encryption:Keys (RFC 7518, section 5.3).</summary>
    private const string Encryption = SecurityAlgorithms.Aes256Gcm;
    private const int EncryptionBytes = 32;
    private const int SecretBytes = 64;
    private const int RsaBits = 3072;

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256,
        SecurityAlgorithms.HmacSha512, Encryption,
    ];

    public static Command Create(IServiceProvider services) => new("key", "Signing keys: generate, list.") { Generate(), List(services) };

    private static Command Generate()
    {
        var algorithm = new Option<string>("--algorithm")
        {
            Description = $"ES256 (as a rule), ES384, RS256, PS256 or HS512 for signing; {Encryption} for Encryption:Keys.",
            DefaultValueFactory = _ => SecurityAlgorithms.EcdsaSha256,
        };
        algorithm.AcceptOnlyFromAmong(Algorithms);
        var file = new Option<FileInfo?>("--out") { Description = "A new file that only you can read; otherwise the key is printed." };
        var generate = new Command("generate", "Makes a private key (PEM), or a secret in base64 for HS512 and A256GCM.") { algorithm, file };
        generate.SetAction(arguments =>
        {
            var key = NewKey(arguments.GetRequiredValue(algorithm));
            if (arguments.GetValue(file) is not { } target)
                return Terminal.Done(key);
            PrivateFile.Write(target.FullName, key);
            return Terminal.Done(target.FullName);
        });
        return generate;
    }

    private static string NewKey(string algorithm)
    {
        if (algorithm is SecurityAlgorithms.HmacSha512 or Encryption)
            return Convert.ToBase64String(RandomNumberGenerator.GetBytes(algorithm is Encryption ? EncryptionBytes : SecretBytes));
        using AsymmetricAlgorithm key = algorithm switch
        {
            SecurityAlgorithms.EcdsaSha256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            SecurityAlgorithms.EcdsaSha384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => RSA.Create(RsaBits),
        };
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static Command List(IServiceProvider services)
    {
        var list = new Command("list", "Shows the configured signing keys and what each is good for now.");
        list.SetAction(_ =>
        {
            var keys = services.GetRequiredService<SigningKeyRing>().Current;
            var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            var signing = keys.FindActive(now);
            foreach (var key in keys.All)
                Console.Out.WriteLine($"{key.KeyId}\t{key.Algorithm}\t{(key == signing ? "signs" : ToText(keys.StateOf(key, now)))}\t{Dates(key)}");
            return 0;
        });
        return list;
    }

    private static string ToText(SigningKeyState state) => state.ToString().ToLowerInvariant();

    private static string Dates(SigningKey key)
    {
        var from = key.ActiveFrom == DateTimeOffset.MinValue ? "the beginning" : $"{key.ActiveFrom:O}";
        var until = key.RetireAfter == DateTimeOffset.MaxValue ? "further notice" : $"{key.RetireAfter:O}";
        return $"from {from}, until {until}";
    }
}

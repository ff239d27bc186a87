using System.Security.Cryptography;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>Creates a signing key and an encryption key once on a developer's machine without configured keys, and stores them under <c>data/</c>.</summary>
internal sealed class DevelopmentKeys(IHostEnvironment environment) : IPostConfigureOptions<JwtOptions>, IPostConfigureOptions<EncryptionOptions>
{
    private const string KeyId = "development";
    private const string SigningKeyPath = "data/signing-key.pem";
    private const string EncryptionKeyPath = "data/encryption-key";
    private const int EncryptionKeyBytes = 32;

    public void PostConfigure(string? name, JwtOptions options)
    {
        if (!environment.IsDevelopment() || options.SigningKeys.Count > 0)
            return;
        CreateIfMissing(SigningKeyPath, NewSigningKey);
        options.SigningKeys.Add(new SigningKeyOptions { KeyId = KeyId, PrivateKeyFile = SigningKeyPath });
    }

    public void PostConfigure(string? name, EncryptionOptions options)
    {
        if (!environment.IsDevelopment() || options.Keys.Count > 0)
            return;
        CreateIfMissing(EncryptionKeyPath, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKeyBytes)));
        options.Keys.Add(new EncryptionKeyOptions { KeyId = KeyId, Key = File.ReadAllText(FullPath(EncryptionKeyPath)).Trim() });
    }

    private static string NewSigningKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private string FullPath(string path) => Path.Combine(environment.ContentRootPath, path);

    private void CreateIfMissing(string relativePath, Func<string> create)
    {
        var path = FullPath(relativePath);
        if (!File.Exists(path))
            PrivateFile.Write(path, create());
    }
}

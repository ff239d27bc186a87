using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

/// <summary>On a developer's machine without configured keys, makes an ES256 key once and keeps it under <c>data/</c>.</summary>
internal sealed class DevelopmentSigningKey(IHostEnvironment environment) : IPostConfigureOptions<JwtOptions>
{
    private const string RelativePath = "data/signing-key.pem";

    public void PostConfigure(string? name, JwtOptions options)
    {
        if (!environment.IsDevelopment() || options.SigningKeys.Count > 0)
            return;
        CreateIfMissing(Path.Combine(environment.ContentRootPath, RelativePath));
        options.SigningKeys.Add(new SigningKeyOptions { KeyId = "development", PrivateKeyFile = RelativePath });
    }

    private static void CreateIfMissing(string path)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, access);
        file.WriteLine(key.ExportPkcs8PrivateKeyPem());
    }
}

using System.Security.Cryptography;
using AuthService.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Tokens;

internal enum SigningKeyState
{
    Coming,
    Active,
    Retired,
    Dead,
}

/// <summary>A key with its single algorithm and its dates. Immutable; the credentials are created once and cached by the library.</summary>
internal sealed class SigningKey
{
    private SigningKey(SecurityKey key, SigningKeyOptions options)
    {
        key.KeyId = options.KeyId;
        Credentials = new SigningCredentials(key, options.Algorithm);
        ActiveFrom = options.ActiveFrom ?? DateTimeOffset.MinValue;
        RetireAfter = options.RetireAfter ?? DateTimeOffset.MaxValue;
    }

    public SigningCredentials Credentials { get; }

    public string KeyId => Credentials.Key.KeyId;

    public string Algorithm => Credentials.Algorithm;

    public DateTimeOffset ActiveFrom { get; }

    public DateTimeOffset RetireAfter { get; }

    /// <summary>
    /// Reads the key material. Throws <see cref="ArgumentException"/> with a text that says what is wrong. It does not use the framework's text, which may
    /// repeat the input, and a path may be a key in the wrong setting.
    /// </summary>
    public static SigningKey Read(SigningKeyOptions options, string contentRoot) => new(
        options.Algorithm switch
        {
            SecurityAlgorithms.EcdsaSha256 => ReadEcdsa(options, contentRoot, ECCurve.NamedCurves.nistP256, "P-256"),
            SecurityAlgorithms.EcdsaSha384 => ReadEcdsa(options, contentRoot, ECCurve.NamedCurves.nistP384, "P-384"),
            SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.RsaSsaPssSha256 => ReadRsa(options, contentRoot),
            SecurityAlgorithms.HmacSha512 => ReadSecret(options),
            _ => throw new ArgumentException($"\"{options.Algorithm}\" is not one of ES256, ES384, RS256, PS256, HS512"),
        },
        options);

    /// <param name="now">The time for which the state is computed.</param>
    /// <param name="longestLifetime">The longest lifetime of a token that the key signed.</param>
    public SigningKeyState StateAt(DateTimeOffset now, TimeSpan longestLifetime)
    {
        if (now < ActiveFrom)
            return SigningKeyState.Coming;
        if (now < RetireAfter)
            return SigningKeyState.Active;
        return now - RetireAfter <= longestLifetime ? SigningKeyState.Retired : SigningKeyState.Dead;
    }

    /// <summary>Returns the public part as a JWK; null for a shared secret, which has none.</summary>
    public JsonWebKey? ToPublicJwk()
    {
        if (Credentials.Key is SymmetricSecurityKey)
            return null;
        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(WithoutPrivatePart(Credentials.Key));
        jwk.Use = JsonWebKeyUseNames.Sig;
        jwk.Alg = Algorithm;
        return jwk;
    }

    private static SecurityKey WithoutPrivatePart(SecurityKey key) => key switch
    {
        ECDsaSecurityKey ecdsa => new ECDsaSecurityKey(ECDsa.Create(ecdsa.ECDsa.ExportParameters(includePrivateParameters: false))) { KeyId = key.KeyId },
        RsaSecurityKey rsa => new RsaSecurityKey(rsa.Rsa.ExportParameters(includePrivateParameters: false)) { KeyId = key.KeyId },
        _ => throw new InvalidOperationException($"A {key.GetType().Name} has no public part"),
    };

    private static ECDsaSecurityKey ReadEcdsa(SigningKeyOptions options, string contentRoot, ECCurve curve, string curveName)
    {
        var (ecdsa, pem) = (ECDsa.Create(), ReadPem(options, contentRoot));
        var key = ReadPrivateKey(options, () =>
        {
            ecdsa.ImportFromPem(pem);
            return ecdsa.ExportParameters(includePrivateParameters: true);
        });
        if (!key.Curve.IsNamed)
        {
            throw new ArgumentException(
                "the key describes its curve by parameters and not by name: "
                + $"openssl pkey -in KEY -ec_param_enc named_curve writes it as {options.Algorithm} needs it");
        }

        return key.Curve.Oid.Value == curve.Oid.Value
            ? new ECDsaSecurityKey(ecdsa)
            : throw new ArgumentException($"{options.Algorithm} needs a key on the NIST curve {curveName}, this one is on {key.Curve.Oid.FriendlyName}");
    }

    private static RsaSecurityKey ReadRsa(SigningKeyOptions options, string contentRoot)
    {
        var (rsa, pem) = (RSA.Create(), ReadPem(options, contentRoot));
        ReadPrivateKey(options, () =>
        {
            rsa.ImportFromPem(pem);
            return rsa.ExportParameters(includePrivateParameters: true);
        });
        return rsa.KeySize >= 2048
            ? new RsaSecurityKey(rsa)
            : throw new ArgumentException($"{options.Algorithm} needs at least 2048 bits, this key has {rsa.KeySize}");
    }

    private static SymmetricSecurityKey ReadSecret(SigningKeyOptions options)
    {
        var text = options.Secret ?? throw new ArgumentException("HS512 needs Secret");
        var secret = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, secret, out var length))
            throw new ArgumentException("HS512 needs a Secret in base64, this one is not");
        return length >= 64
            ? new SymmetricSecurityKey(secret[..length])
            : throw new ArgumentException($"HS512 needs a Secret of at least 64 bytes, this one has {length}");
    }

    /// <param name="options">The options of the key.</param>
    /// <param name="read">Reads the private key; fails when there is only a public one.</param>
    private static T ReadPrivateKey<T>(SigningKeyOptions options, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            // The error is not passed on as an inner exception, so that its text is never printed.
        }

        throw new ArgumentException($"{options.Algorithm} needs a private key of its kind in PEM without a password, this is none");
    }

    /// <summary>
    /// Restores line breaks: some tools keep a setting on one line and write <c>\n</c> for each line break. A PEM never contains these characters.
    /// </summary>
    private static string WithLineBreaks(string pem) => pem.Replace("\\n", "\n", StringComparison.Ordinal);

    private static string ReadPem(SigningKeyOptions options, string contentRoot) => (options.PrivateKeyPem, options.PrivateKeyFile) switch
    {
        ({ } pem, null) => WithLineBreaks(pem),
        (null, { } file) when file.Contains("-----BEGIN", StringComparison.Ordinal) =>
            throw new ArgumentException("PrivateKeyFile holds a key and not the path of one: a key stands in PrivateKeyPem"),
        (null, { } file) => ReadFile(file, contentRoot),
        _ => throw new ArgumentException($"{options.Algorithm} needs either PrivateKeyPem or PrivateKeyFile"),
    };

    private static string ReadFile(string file, string contentRoot)
    {
        string reason;
        try
        {
            return File.ReadAllText(Path.Combine(contentRoot, file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = error switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => "it is a folder, or the service may not read it",
                _ => "that is no path of a file",
            };
        }

        throw new ArgumentException($"PrivateKeyFile{ShowPath(file)} cannot be read: {reason}");
    }

    /// <summary>Shows the path only when it has the extension of a key file. A key in base64 contains no dot, so no key is shown by mistake.</summary>
    private static string ShowPath(string file) => Path.GetExtension(file) is ".pem" or ".key" ? $" {SettingValue.Show(file)}" : "";
}

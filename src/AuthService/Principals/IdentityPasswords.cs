using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AuthService.Principals;

/// <summary>ASP.NET Core Identity's PBKDF2 hashes: those brought from there, and ours where libxcrypt is missing.</summary>
internal static class IdentityPasswords
{
    /// <summary>OWASP's figure for PBKDF2 with HMAC-SHA-512.</summary>
    private const int Iterations = 210_000;

    private static readonly PasswordHasher<Password> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    private const byte Version3 = 0x01;

    /// <summary>Version, PRF, iterations and salt length, salt and subkey of at least 128 bits each.</summary>
    private const int ShortestVersion3 = 13 + 16 + 16;

    public static bool Recognizes(string hash)
    {
        var bytes = new byte[hash.Length];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length >= ShortestVersion3 && bytes[0] is Version3;
    }

    public static string Hash(Password password) => Hasher.HashPassword(password, password.Reveal());

    public static bool Verify(Password password, string hash) => Check(password, hash) is not PasswordVerificationResult.Failed;

    public static bool IsOutdated(Password password, string hash) => Check(password, hash) is PasswordVerificationResult.SuccessRehashNeeded;

    private static PasswordVerificationResult Check(Password password, string hash)
    {
        try
        {
            return Hasher.VerifyHashedPassword(password, hash, password.Reveal());
        }
        catch (FormatException)
        {
            return PasswordVerificationResult.Failed; // not base64: no format of ours
        }
    }
}

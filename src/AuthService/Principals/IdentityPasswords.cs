using System.Buffers.Binary;
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

    /// <summary>Version, PRF, iterations and length of the salt, the numbers in network order.</summary>
    private const int HeaderBytes = 13;

    /// <summary>HMAC-SHA-512.</summary>
    private const uint LastPrf = 2;

    /// <summary>Of the salt and of the subkey.</summary>
    private const int LeastBytes = 16;

    public static bool Recognizes(string hash)
    {
        var bytes = new byte[hash.Length];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length >= HeaderBytes + (2 * LeastBytes) && IsSound(bytes.AsSpan(0, length));
    }

    public static string Hash(Password password) => Hasher.HashPassword(password, password.Reveal());

    /// <summary>What is not recognized matches nothing, and costs nothing.</summary>
    public static bool Verify(Password password, string hash) => Check(password, hash) is not PasswordVerificationResult.Failed;

    public static bool IsOutdated(Password password, string hash) => Check(password, hash) is PasswordVerificationResult.SuccessRehashNeeded;

    private static PasswordVerificationResult Check(Password password, string hash) =>
        Recognizes(hash) ? Hasher.VerifyHashedPassword(password, hash, password.Reveal()) : PasswordVerificationResult.Failed;

    /// <summary>The hash itself says how dear it is to check: as many iterations as it likes, were there no limit.</summary>
    private static bool IsSound(ReadOnlySpan<byte> bytes)
    {
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]);
        var saltLength = BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]);
        return bytes[0] is Version3
            && BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) <= LastPrf
            && iterations is >= 1 and <= PasswordHashing.MostIterations
            && saltLength >= LeastBytes && saltLength <= bytes.Length - HeaderBytes - LeastBytes;
    }
}

using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;

namespace AuthService.Principals;

/// <summary>ASP.NET Core Identity's PBKDF2 hashes, brought from there. None is made here: the next sign-in replaces it.</summary>
internal static class IdentityPasswords
{
    private static readonly PasswordHasher<Password> Hasher = new();

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

    /// <summary>What is not recognized matches nothing, and costs nothing.</summary>
    public static bool Verify(Password password, string hash) =>
        Recognizes(hash) && Hasher.VerifyHashedPassword(password, hash, password.Reveal()) is not PasswordVerificationResult.Failed;

    /// <summary>Equal for hashes that take the same time: version, PRF and iterations.</summary>
    public static string KindOf(string hash) => hash[..12];

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

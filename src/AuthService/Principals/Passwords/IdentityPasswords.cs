using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;

namespace AuthService.Principals.Passwords;

/// <summary>Verifies imported PBKDF2 hashes of ASP.NET Core Identity. No such hash is created here: the next sign-in replaces it with bcrypt.</summary>
internal static class IdentityPasswords
{
    private static readonly PasswordHasher<Password> Hasher = new();

    private const byte Version3 = 0x01;

    /// <summary>The length of version, PRF, iterations and length of the salt; the numbers are in network order.</summary>
    private const int HeaderBytes = 13;

    /// <summary>The last known PRF: HMAC-SHA-512.</summary>
    private const uint LastPrf = 2;

    /// <summary>The minimum length of the salt and of the subkey.</summary>
    private const int LeastBytes = 16;

    public static bool Recognizes(string hash)
    {
        var bytes = new byte[hash.Length];
        return Convert.TryFromBase64String(hash, bytes, out var length) && length >= HeaderBytes + (2 * LeastBytes) && IsSound(bytes.AsSpan(0, length));
    }

    /// <summary>Verifies a password. A hash that is not recognized matches nothing and takes no time.</summary>
    public static bool Verify(Password password, string hash) =>
        Recognizes(hash) && Hasher.VerifyHashedPassword(password, hash, password.Reveal()) is not PasswordVerificationResult.Failed;

    /// <summary>Returns the kind of a hash: version, PRF and iterations. Hashes of the same kind take the same time.</summary>
    public static string KindOf(string hash) => hash[..12];

    /// <summary>Checks the values in the hash. Without a limit, a hash could require any number of iterations.</summary>
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

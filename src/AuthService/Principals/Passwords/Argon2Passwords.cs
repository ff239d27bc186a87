using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace AuthService.Principals.Passwords;

/// <summary>
/// Verifies imported Argon2id hashes in the PHC format (RFC 9106, <c>$argon2id$v=19$m=KIB,t=PASSES,p=LANES$salt$hash</c>). No such hash is created here: the
/// next sign-in replaces it with bcrypt.
/// </summary>
internal static partial class Argon2Passwords
{
    /// <summary>
    /// The memory limit. The hash itself says how much memory a check needs, and each sign-in takes that much, on as many cores as there are.
    /// </summary>
    public const int MostMemoryKiB = 131_072;

    /// <summary>
    /// The limit of memory times passes, which determines the time. It is twice the default of PHP, the most expensive of the usual defaults.
    /// </summary>
    private const int MostWorkKiB = 524_288;

    private const int MostLanes = 16;
    private const int LeastHashBytes = 16;
    private const int LeastSaltBytes = 8;
    private const string Prefix = "$argon2";

    public static string Limits { get; } = string.Create(
        CultureInfo.InvariantCulture, $"argon2id of version 19 with m at most {MostMemoryKiB}, m × t at most {MostWorkKiB} and p at most {MostLanes}");

    /// <summary>Returns whether the text is meant as a hash of any kind of Argon2, within the limits or not.</summary>
    public static bool IsMeant(string hash) => hash.StartsWith(Prefix, StringComparison.Ordinal);

    public static bool Recognizes(string hash) => TryRead(hash, out _);

    /// <summary>Verifies a password. A hash that is not recognized matches nothing and takes no time.</summary>
    public static bool Verify(Password password, string hash)
    {
        if (!TryRead(hash, out var parts))
            return false;
        var argon2 = new Argon2BytesGenerator();
        argon2.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id).WithVersion(Argon2Parameters.Version13)
            .WithMemoryAsKB(parts.MemoryKiB).WithIterations(parts.Passes).WithParallelism(parts.Lanes).WithSalt(parts.Salt).Build());
        var computed = new byte[parts.Hash.Length];
        argon2.GenerateBytes(Encoding.UTF8.GetBytes(password.Reveal()), computed);
        return CryptographicOperations.FixedTimeEquals(computed, parts.Hash);
    }

    private static bool TryRead(string hash, out Parts parts)
    {
        parts = default;
        if (Form().Match(hash) is not { Success: true } match)
            return false;
        parts = new Parts(NumberOf("m"), NumberOf("t"), NumberOf("p"), BytesOf("salt"), BytesOf("hash"));
        return parts.Lanes is >= 1 and <= MostLanes && parts.Passes >= 1
            && parts.MemoryKiB >= 8 * parts.Lanes && parts.MemoryKiB <= MostMemoryKiB && (long)parts.MemoryKiB * parts.Passes <= MostWorkKiB
            && parts.Salt.Length >= LeastSaltBytes && parts.Hash.Length >= LeastHashBytes;

        int NumberOf(string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        byte[] BytesOf(string name) => HashEncoding.Decode(match.Groups[name].Value);
    }

    private readonly record struct Parts(int MemoryKiB, int Passes, int Lanes, byte[] Salt, byte[] Hash);

    [GeneratedRegex(
        @"^\$argon2id\$v=19\$m=(?<m>[0-9]{1,8}),t=(?<t>[0-9]{1,4}),p=(?<p>[0-9]{1,3})\$(?<salt>[A-Za-z0-9+/]{1,88})\$(?<hash>[A-Za-z0-9+/]{1,88})\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Bcrypt = BCrypt.Net.BCrypt;

namespace AuthService.Principals;

/// <summary>
/// bcrypt by BCrypt.Net. The algorithm reads 72 bytes, and other implementations stop at a NUL, so a longer password, or
/// one with a NUL in it, is hashed with SHA-384 and base64 first, as BCrypt.Net's enhanced mode does for every password.
/// Hashes from elsewhere verify as their makers did (php's password_hash, Python's bcrypt): cut after 72 bytes. The variant tells
/// them apart: ours is <c>$2b$</c>, and an import turns that into <c>$2y$</c>, which is the same algorithm.
/// </summary>
internal sealed partial class BcryptPasswords(int cost)
{
    private const int LongestInput = 72;

    /// <summary>The variant of new hashes.</summary>
    private const char Variant = 'b';

    private const char ImportedVariant = 'y';

    /// <summary>What one hash took of one core in 2026: 270 ms at cost 12, and twice as long for each step.</summary>
    public static TimeSpan EstimateFor(int cost) => TimeSpan.FromMilliseconds(270 * Math.Pow(2, cost - 12));

    public static bool Recognizes(string hash) => Form().IsMatch(hash);

    /// <summary>What is not recognized matches nothing, and costs nothing.</summary>
    public static bool Verify(Password password, string hash) => Recognizes(hash) && Bcrypt.Verify(Input(password, IsFromElsewhere(hash)), hash);

    /// <summary>True when a match says nothing about the end of the password, which its maker cut off.</summary>
    public static bool IsCut(Password password, string hash) =>
        Recognizes(hash) && IsFromElsewhere(hash) && Encoding.UTF8.GetByteCount(password.Reveal()) > LongestInput;

    /// <summary>A hash from elsewhere as it is kept; one that is no bcrypt stays as it is.</summary>
    public static string ToImported(string hash) => Recognizes(hash) && !IsFromElsewhere(hash) ? $"$2{ImportedVariant}{hash[3..]}" : hash;

    public string Hash(Password password) => Bcrypt.HashPassword(Input(password, isFromElsewhere: false), Bcrypt.GenerateSalt(cost, Variant));

    /// <summary>True when the hash is of another variant or costs less than today's.</summary>
    public bool IsOutdated(string hash) => IsFromElsewhere(hash) || int.Parse(hash.AsSpan(4, 2), CultureInfo.InvariantCulture) < cost;

    /// <summary>Hashes of the same kind take the same time.</summary>
    public static string KindOf(string hash) => $"bcrypt {hash[4..6]}";

    private static bool IsFromElsewhere(string hash) => hash[2] is not Variant;

    private static string Input(Password password, bool isFromElsewhere)
    {
        var text = password.Reveal();
        return (!isFromElsewhere && Encoding.UTF8.GetByteCount(text) > LongestInput) || text.Contains('\0', StringComparison.Ordinal)
            ? Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes(text)))
            : text;
    }

    /// <summary>As dear as <see cref="PasswordOptions.BcryptCost"/> may be and no dearer: each sign-in has to pay for it.</summary>
    [GeneratedRegex(@"^\$2[aby]\$(0[4-9]|1[0-7])\$[./A-Za-z0-9]{53}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

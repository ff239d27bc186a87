using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Bcrypt = BCrypt.Net.BCrypt;

namespace AuthService.Principals.Passwords;

/// <summary>
/// Hashes passwords with bcrypt (BCrypt.Net). The algorithm reads only 72 bytes, and some implementations stop at a NUL. So a longer password, or one with a
/// NUL, is first hashed with SHA-384 and encoded as base64, like BCrypt.Net's enhanced mode. Imported hashes are verified like their creators do (PHP's
/// password_hash, Python's bcrypt): the password is cut after 72 bytes. The variant distinguishes them: own hashes are <c>$2b$</c>, and an import changes that
/// to <c>$2y$</c>, which is the same algorithm.
/// </summary>
internal sealed partial class BcryptPasswords(int cost)
{
    private const int LongestInput = 72;

    /// <summary>The variant of new hashes.</summary>
    private const char Variant = 'b';

    private const char ImportedVariant = 'y';

    /// <summary>Estimates the time of one hash on one core: 270 ms at cost 12 (measured in 2026), doubled by each step.</summary>
    public static TimeSpan EstimateFor(int cost) => TimeSpan.FromMilliseconds(270 * Math.Pow(2, cost - 12));

    public static bool Recognizes(string hash) => Form().IsMatch(hash);

    /// <summary>Verifies a password. A hash that is not recognized matches nothing and takes no time.</summary>
    public static bool Verify(Password password, string hash) => Recognizes(hash) && Bcrypt.Verify(Input(password, IsFromElsewhere(hash)), hash);

    /// <summary>Returns whether a match proves nothing about the end of the password, because the creator of the hash cut it off.</summary>
    public static bool IsCut(Password password, string hash) =>
        Recognizes(hash) && IsFromElsewhere(hash) && Encoding.UTF8.GetByteCount(password.Reveal()) > LongestInput;

    /// <summary>Returns an imported hash as it is stored; one that is not bcrypt stays unchanged.</summary>
    public static string ToImported(string hash) => Recognizes(hash) && !IsFromElsewhere(hash) ? $"$2{ImportedVariant}{hash[3..]}" : hash;

    public string Hash(Password password) => Bcrypt.HashPassword(Input(password, isFromElsewhere: false), Bcrypt.GenerateSalt(cost, Variant));

    /// <summary>Returns whether the hash has another variant or a lower cost than new hashes.</summary>
    public bool IsOutdated(string hash) => IsFromElsewhere(hash) || int.Parse(hash.AsSpan(4, 2), CultureInfo.InvariantCulture) < cost;

    /// <summary>Returns the kind of a hash. Hashes of the same kind take the same time.</summary>
    public static string KindOf(string hash) => $"bcrypt {hash[4..6]}";

    private static bool IsFromElsewhere(string hash) => hash[2] is not Variant;

    private static string Input(Password password, bool isFromElsewhere)
    {
        var text = password.Reveal();
        return (!isFromElsewhere && Encoding.UTF8.GetByteCount(text) > LongestInput) || text.Contains('\0', StringComparison.Ordinal)
            ? Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes(text)))
            : text;
    }

    /// <summary>Allows costs up to the maximum of <see cref="PasswordOptions.BcryptCost"/>, because each sign-in takes that time.</summary>
    [GeneratedRegex(@"^\$2[aby]\$(0[4-9]|1[0-7])\$[./A-Za-z0-9]{53}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthService.Principals.Passwords;

/// <summary>
/// Verifies imported PBKDF2 hashes of passlib (<c>$pbkdf2-sha256$rounds$salt$hash</c>, or <c>$pbkdf2$…</c> with SHA-1; base64 with <c>.</c> instead of
/// <c>+</c> and without padding) and of Django (<c>pbkdf2_sha256$rounds$salt$hash</c>, with the salt as text). No such hash is created here: the next
/// sign-in replaces it with bcrypt.
/// </summary>
internal static partial class Pbkdf2Passwords
{
    public static bool Recognizes(string hash) => TryRead(hash, out _);

    public static bool Verify(Password password, string hash)
    {
        if (!TryRead(hash, out var parts))
            return false;
        var computed = Rfc2898DeriveBytes.Pbkdf2(password.Reveal(), parts.Salt, parts.Iterations, parts.Algorithm, parts.Key.Length);
        return CryptographicOperations.FixedTimeEquals(computed, parts.Key);
    }

    private static bool TryRead(string hash, out Parts parts)
    {
        parts = default;
        var match = Form().Match(hash);
        if (!match.Success || !int.TryParse(match.Groups["rounds"].Value, CultureInfo.InvariantCulture, out var rounds)
            || rounds is < 1 or > PasswordHashing.MostIterations)
            return false;
        var isPasslib = hash.StartsWith('$');
        if (!TryDecode(match.Groups["hash"].Value, out var key) || key.Length < 16)
            return false;
        var salt = match.Groups["salt"].Value;
        byte[] saltBytes = [];
        if (isPasslib && !TryDecode(salt, out saltBytes))
            return false;
        var algorithm = match.Groups["name"] is { Success: true, Value: var name } ? new HashAlgorithmName(name.ToUpperInvariant()) : HashAlgorithmName.SHA1;
        parts = new Parts(algorithm, rounds, isPasslib ? saltBytes : Encoding.UTF8.GetBytes(salt), key);
        return true;
    }

    private static bool TryDecode(string text, out byte[] bytes) => (bytes = HashEncoding.Decode(text)).Length > 0;

    private readonly record struct Parts(HashAlgorithmName Algorithm, int Iterations, byte[] Salt, byte[] Key);

    [GeneratedRegex(
        @"^(\$pbkdf2|(\$pbkdf2-|pbkdf2_)(?<name>sha1|sha256|sha512))\$(?<rounds>[0-9]{1,7})\$(?<salt>[^$\s]{1,128})\$(?<hash>[A-Za-z0-9+/._-]{1,128}={0,2})\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

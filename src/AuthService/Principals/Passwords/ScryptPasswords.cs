using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace AuthService.Principals.Passwords;

/// <summary>
/// Verifies imported scrypt hashes. No such hash is created here: the next sign-in replaces it with bcrypt.
/// <list type="bullet">
/// <item>Firebase: <c>$fbscrypt$v=1,n=MEM_COST,r=ROUNDS,p=1,ss=SALT_SEPARATOR,sk=SIGNER_KEY$salt$hash</c>, the format in which Supabase Auth joins
/// what Firebase exports separately. The derived key encrypts the project's signer key with AES-CTR, and the result is the hash.</item>
/// <item>better-auth: <c>salt:key</c> in hexadecimal; the text of the salt is the salt, and the password is in NFKC.</item>
/// </list>
/// </summary>
internal static partial class ScryptPasswords
{
    /// <summary>The limit of N × r, at 128 bytes each: 64 MiB, four times what Firebase needs and twice what better-auth needs.</summary>
    private const int MostBlocks = 524_288;

    private const int LeastSaltBytes = 8;
    private const string FirebasePrefix = "$fbscrypt$";
    private const int AesKeyBytes = 32;
    private const int AesBlockBytes = 16;

    public static string Limits { get; } = string.Create(
        CultureInfo.InvariantCulture, $"Firebase's scrypt ({FirebasePrefix}v=1,n=…,r=…,p=1,ss=…,sk=…$salt$hash) with 2^n × r at most {MostBlocks}");

    /// <summary>Returns whether the text is meant as a hash of Firebase's scrypt, within the limits or not.</summary>
    public static bool IsMeant(string hash) => hash.StartsWith(FirebasePrefix, StringComparison.Ordinal);

    public static bool Recognizes(string hash) => BetterAuthForm().IsMatch(hash) || TryRead(hash, out _);

    /// <summary>Verifies a password. A hash that is not recognized matches nothing and takes no time.</summary>
    public static bool Verify(Password password, string hash)
    {
        if (TryRead(hash, out var parts))
            return CryptographicOperations.FixedTimeEquals(SignAsFirebase(password, parts), parts.Hash);
        return BetterAuthForm().IsMatch(hash) && VerifyBetterAuth(password, hash.Split(':'));
    }

    private static bool VerifyBetterAuth(Password password, string[] parts)
    {
        const int N = 16_384;
        const int R = 16;
        var expected = Convert.FromHexString(parts[1]);
        var text = password.Reveal().Normalize(NormalizationForm.FormKC);
        var computed = SCrypt.Generate(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(parts[0]), N, R, 1, expected.Length);
        return CryptographicOperations.FixedTimeEquals(computed, expected);
    }

    private static byte[] SignAsFirebase(Password password, FirebaseParts parts)
    {
        var key = SCrypt.Generate(Encoding.UTF8.GetBytes(password.Reveal()), parts.Salt, parts.N, parts.R, 1, AesKeyBytes);
        var cipher = new BufferedBlockCipher(new SicBlockCipher(new AesEngine()));
        cipher.Init(forEncryption: true, new ParametersWithIV(new KeyParameter(key), new byte[AesBlockBytes]));
        return cipher.DoFinal(parts.SignerKey);
    }

    private static bool TryRead(string hash, out FirebaseParts parts)
    {
        parts = default;
        if (FirebaseForm().Match(hash) is not { Success: true } match)
            return false;
        var (n, r) = (1 << int.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["r"].Value, CultureInfo.InvariantCulture));
        var salt = BytesOf("salt");
        parts = new FirebaseParts(n, r, [.. salt, .. BytesOf("ss")], BytesOf("sk"), BytesOf("hash"));
        return r >= 1 && (long)n * r <= MostBlocks && salt.Length >= LeastSaltBytes
            && parts.SignerKey.Length >= AesKeyBytes && parts.SignerKey.Length == parts.Hash.Length;

        byte[] BytesOf(string name) => HashEncoding.Decode(match.Groups[name].Value);
    }

    /// <param name="N">The cost: 2 to the power of mem_cost.</param>
    /// <param name="R">The block size (rounds).</param>
    /// <param name="Salt">The salt of the account, followed by the separator.</param>
    /// <param name="SignerKey">The signer key of the project.</param>
    /// <param name="Hash">The encrypted signer key.</param>
    private readonly record struct FirebaseParts(int N, int R, byte[] Salt, byte[] SignerKey, byte[] Hash);

    [GeneratedRegex(
        @"^\$fbscrypt\$v=1,n=(?<n>[1-9]|1[0-9]|2[0-4]),r=(?<r>[0-9]{1,3}),p=1(,ss=(?<ss>[A-Za-z0-9+/_-]{0,88}={0,2}))?,sk=(?<sk>[A-Za-z0-9+/_-]{1,128}={0,2})"
            + @"\$(?<salt>[A-Za-z0-9+/_-]{1,88}={0,2})\$(?<hash>[A-Za-z0-9+/_-]{1,128}={0,2})\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirebaseForm();

    [GeneratedRegex(@"^[0-9a-f]{32}:[0-9a-f]{128}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BetterAuthForm();
}

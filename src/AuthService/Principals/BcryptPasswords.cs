using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AuthService.Principals;

/// <summary>
/// bcrypt by the system's libxcrypt. The algorithm reads 72 bytes and stops at a NUL, so a longer password, or one
/// with a NUL in it, is hashed with SHA-384 and base64 first, as BCrypt.Net's enhanced mode does.
/// </summary>
internal sealed partial class BcryptPasswords(int cost)
{
    private const string Library = "libcrypt.so.1";
    private const int LongestInput = 72;
    private const int HashLength = 60;
    private const int SaltBytes = 16;

    /// <summary>sizeof(struct crypt_data) of libxcrypt, from crypt.h.</summary>
    private const int WorkingBytes = 32768;

    /// <summary>False on systems without libxcrypt (macOS, Windows).</summary>
    public static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    public static bool Recognizes(string hash) => Form().IsMatch(hash);

    /// <summary>What is not recognized matches nothing, and costs nothing.</summary>
    public static bool Verify(Password password, string hash) => Recognizes(hash) && TryCrypt(password, hash) is { } computed
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(computed), Encoding.ASCII.GetBytes(hash));

    public string Hash(Password password) => TryCrypt(password, NewSalt()) ?? throw new CryptographicException("bcrypt failed");

    /// <summary>True when the hash is of another variant or costs less than today's.</summary>
    public bool IsOutdated(string hash) =>
        !hash.StartsWith("$2b$", StringComparison.Ordinal) || int.Parse(hash.AsSpan(4, 2), CultureInfo.InvariantCulture) < cost;

    /// <summary>As a new hash begins: the variant, the cost and 22 characters of salt.</summary>
    public string NewSalt()
    {
        var salt = new byte[HashLength];
        if (CryptGenSaltRn("$2b$", (ulong)cost, RandomNumberGenerator.GetBytes(SaltBytes), SaltBytes, salt, salt.Length) is 0)
            throw new CryptographicException("bcrypt failed to make a salt");
        return Encoding.ASCII.GetString(salt, 0, Array.IndexOf(salt, (byte)0)); // not by the pointer that is returned: the array may have moved since
    }

    private static byte[] Input(Password password)
    {
        var bytes = Encoding.UTF8.GetBytes(password.Reveal());
        return bytes.Length > LongestInput || bytes.Contains((byte)0)
            ? Encoding.ASCII.GetBytes(Convert.ToBase64String(SHA384.HashData(bytes)))
            : bytes;
    }

    private static unsafe string? TryCrypt(Password password, string setting)
    {
        byte[] phrase = [.. Input(password), 0];
        var working = NativeMemory.AllocZeroed(WorkingBytes);
        try
        {
            return Marshal.PtrToStringAnsi(CryptRn(phrase, setting, working, WorkingBytes));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(new Span<byte>(working, WorkingBytes));
            NativeMemory.Free(working);
            CryptographicOperations.ZeroMemory(phrase);
        }
    }

    /// <summary>As dear as <see cref="PasswordOptions.BcryptCost"/> may be and no dearer: each sign-in has to pay for it.</summary>
    [GeneratedRegex(@"^\$2[aby]\$(0[4-9]|1[0-7])\$[./A-Za-z0-9]{53}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();

    [LibraryImport(Library, EntryPoint = "crypt_rn", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial nint CryptRn(byte[] phrase, string setting, void* data, int size);

    [LibraryImport(Library, EntryPoint = "crypt_gensalt_rn", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint CryptGenSaltRn(string prefix, ulong count, byte[] random, int randomLength, byte[] output, int outputSize);
}

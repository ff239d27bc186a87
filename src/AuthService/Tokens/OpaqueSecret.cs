using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthService.Tokens;

/// <summary>
/// What every secret that this service hands out has in common: a prefix that says what it is and 256 random bits as
/// base64url. The prefix lets secret scanners find a leaked one; the fixed form lets a malformed one be refused before
/// the store is asked.
/// </summary>
internal abstract class OpaqueSecret(string text, string prefix)
{
    private const int RandomBytes = 32;
    private const int EncodedLength = 43;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>What the store keeps instead of the secret.</summary>
    public byte[] Hash() => TokenHash.Of(text);

    /// <summary>The secret itself, for the one answer that carries it.</summary>
    public string Reveal() => text;

    public override string ToString() => prefix + "[redacted]";

    protected static string Generate(string prefix)
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return prefix + Base64Url.EncodeToString(random);
    }

    protected static bool IsWellFormed([NotNullWhen(true)] string? text, string prefix) =>
        text is not null
        && text.Length == prefix.Length + EncodedLength
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && !text.AsSpan(prefix.Length).ContainsAnyExcept(Alphabet);
}

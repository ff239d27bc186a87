using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AuthService.Tokens;

/// <summary>
/// The opaque secret of a session: <c>rt_</c> and 256 random bits as base64url. The fixed prefix lets secret scanners
/// find a leaked one; the fixed form lets a malformed one be refused before the store is asked.
/// </summary>
internal sealed class RefreshToken
{
    public const string Prefix = "rt_";
    private const int RandomBytes = 32;
    private const int EncodedLength = 43;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly string _text;

    private RefreshToken(string text) => _text = text;

    public static RefreshToken New()
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return new RefreshToken(Prefix + Base64Url.EncodeToString(random));
    }

    /// <returns>Null when the text has not the form of a refresh token.</returns>
    public static RefreshToken? TryParse(string? text) => IsWellFormed(text) ? new RefreshToken(text) : null;

    /// <summary>What the store keeps instead of the token.</summary>
    public byte[] Hash() => TokenHash.Of(_text);

    /// <summary>The secret itself, for the one answer that carries it.</summary>
    public string Reveal() => _text;

    public override string ToString() => Prefix + "[redacted]";

    private static bool IsWellFormed([NotNullWhen(true)] string? text) =>
        text is { Length: 3 + EncodedLength }
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && !text.AsSpan(Prefix.Length).ContainsAnyExcept(Alphabet);
}

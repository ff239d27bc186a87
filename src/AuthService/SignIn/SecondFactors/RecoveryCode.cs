using System.Buffers;
using System.Security.Cryptography;
using AuthService.Tokens;
using OtpNet;

namespace AuthService.SignIn.SecondFactors;

/// <summary>A code for a person who has lost the authenticator app: 80 random bits in base32, in four groups of four.</summary>
internal sealed class RecoveryCode
{
    private const int RandomBytes = 10;
    private const int Length = 16;
    private const int GroupLength = 4;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567");

    private readonly string _plain;

    private RecoveryCode(string plain) => _plain = plain;

    public static RecoveryCode New() => new(Base32Encoding.ToString(RandomNumberGenerator.GetBytes(RandomBytes)).ToLowerInvariant());

    /// <param name="plain">The code without spaces and hyphens.</param>
    /// <returns>Null when the text does not have the form of a recovery code.</returns>
    public static byte[]? TryHash(string plain)
    {
        if (plain.Length != Length)
            return null;
        var lower = plain.ToLowerInvariant();
        return lower.AsSpan().ContainsAnyExcept(Alphabet) ? null : new RecoveryCode(lower).Hash();
    }

    public byte[] Hash() => TokenHash.Of(_plain);

    /// <summary>Returns the code itself, for the one response that carries it.</summary>
    public string Reveal() => string.Join('-', _plain.Chunk(GroupLength).Select(group => new string(group)));

    public override string ToString() => "[redacted]";
}

using System.Buffers;
using System.Security.Cryptography;
using AuthService.Tokens;
using OtpNet;

namespace AuthService.SignIn.SecondFactors;

/// <summary>A code as typed: the digits of an authenticator app, a recovery code, or neither.</summary>
internal sealed class VerificationCode
{
    public const int Digits = 6;

    private static readonly SearchValues<char> Figures = SearchValues.Create("0123456789");

    private VerificationCode(string? totp, byte[]? recoveryHash) => (Totp, RecoveryHash) = (totp, recoveryHash);

    /// <summary>The six digits of an authenticator app; null when the text has another form.</summary>
    public string? Totp { get; }

    /// <summary>Whether the code must be compared with the secret of an authenticator app.</summary>
    public bool NeedsSecret => Totp is not null;

    /// <summary>The hash under which a recovery code is stored; null when the text does not have its form.</summary>
    public byte[]? RecoveryHash { get; }

    /// <param name="text">The text as typed; spaces and hyphens are ignored.</param>
    public static VerificationCode Parse(string text)
    {
        var plain = string.Concat(text.Where(c => c is not (' ' or '-')));
        if (plain.Length == Digits && !plain.AsSpan().ContainsAnyExcept(Figures))
            return new VerificationCode(plain, recoveryHash: null);
        return new VerificationCode(totp: null, RecoveryCode.TryHash(plain));
    }

    public override string ToString() => "[redacted]";
}

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

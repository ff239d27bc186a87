using System.Buffers;
using System.Security.Cryptography;
using AuthService.Tokens;
using OtpNet;

namespace AuthService.SignIn.SecondFactors;

/// <summary>What somebody typed as their second factor: the digits of an authenticator app, a recovery code, or something that is neither.</summary>
internal sealed class VerificationCode
{
    public const int Digits = 6;

    private static readonly SearchValues<char> Figures = SearchValues.Create("0123456789");

    private VerificationCode(string? totp, byte[]? recoveryHash) => (Totp, RecoveryHash) = (totp, recoveryHash);

    /// <summary>Six digits.</summary>
    public string? Totp { get; }

    /// <summary>Whether it is compared with what an authenticator app shows.</summary>
    public bool NeedsSecret => Totp is not null;

    /// <summary>What the store knows a recovery code by.</summary>
    public byte[]? RecoveryHash { get; }

    /// <param name="text">Spaces and hyphens are for the eye.</param>
    public static VerificationCode Parse(string text)
    {
        var plain = string.Concat(text.Where(c => c is not (' ' or '-')));
        if (plain.Length == Digits && !plain.AsSpan().ContainsAnyExcept(Figures))
            return new VerificationCode(plain, recoveryHash: null);
        return new VerificationCode(totp: null, RecoveryCode.TryHash(plain));
    }

    public override string ToString() => "[redacted]";
}

/// <summary>For whoever has lost the authenticator app: 80 random bits in base32, four groups of four.</summary>
internal sealed class RecoveryCode
{
    private const int RandomBytes = 10;
    private const int Length = 16;
    private const int GroupLength = 4;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567");

    private readonly string _plain;

    private RecoveryCode(string plain) => _plain = plain;

    public static RecoveryCode New() => new(Base32Encoding.ToString(RandomNumberGenerator.GetBytes(RandomBytes)).ToLowerInvariant());

    /// <param name="plain">Without what is for the eye.</param>
    /// <returns>Null when it has not the form of such a code.</returns>
    public static byte[]? TryHash(string plain)
    {
        if (plain.Length != Length)
            return null;
        var lower = plain.ToLowerInvariant();
        return lower.AsSpan().ContainsAnyExcept(Alphabet) ? null : new RecoveryCode(lower).Hash();
    }

    public byte[] Hash() => TokenHash.Of(_plain);

    /// <summary>The code itself, for the one answer that carries it.</summary>
    public string Reveal() => string.Join('-', _plain.Chunk(GroupLength).Select(group => new string(group)));

    public override string ToString() => "[redacted]";
}

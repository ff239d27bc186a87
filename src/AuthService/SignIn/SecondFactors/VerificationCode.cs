using System.Buffers;

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

using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AuthService.Principals;

/// <summary>
/// A password as it was typed, in Unicode NFC so that every keyboard gives the same bytes. Nothing is trimmed, cut or
/// folded: the whole of it counts. Its characters are code points after NFC: an emoji is one, however it is encoded.
/// </summary>
internal sealed class Password
{
    public const int MaximumLength = 256;

    /// <summary>No character takes more UTF-16 units before it is composed, so what is longer need not be normalized to be refused.</summary>
    public const int MostUnits = 4 * MaximumLength;

    private readonly string _text;

    private Password(string text, int length) => (_text, Length) = (text, length);

    /// <summary>In code points.</summary>
    public int Length { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out Password? password)
    {
        password = null;
        if (text is not { Length: > 0 and <= MostUnits } || !UnicodeText.IsWellFormed(text))
            return false;
        var composed = text.Normalize(NormalizationForm.FormC);
        var length = composed.EnumerateRunes().Count();
        if (length <= MaximumLength)
            password = new Password(composed, length);
        return password is not null;
    }

    /// <summary>The secret itself, for the hash and the policy alone.</summary>
    public string Reveal() => _text;

    /// <summary>For two that the same person has just typed; one that is kept is compared by its hash.</summary>
    public bool IsSameAs(Password other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    public override string ToString() => "[redacted]";
}

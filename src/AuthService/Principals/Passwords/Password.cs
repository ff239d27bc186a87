using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AuthService.Principals.Passwords;

/// <summary>
/// A password as it was typed, in Unicode NFC so that every keyboard gives the same bytes. Nothing is trimmed, cut or folded. Its characters are code points
/// after NFC, so an emoji is one, however it is encoded.
/// </summary>
internal sealed class Password
{
    public const int MaximumLength = 256;

    /// <summary>
    /// The maximum length in UTF-16 units before normalization. No character takes more than four, so a longer text can be refused without normalizing it.
    /// </summary>
    public const int MostUnits = 4 * MaximumLength;

    private readonly string _text;

    private Password(string text, int length) => (_text, Length) = (text, length);

    /// <summary>The length in code points.</summary>
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

    /// <summary>Returns the secret itself, only for the hash and the policy.</summary>
    public string Reveal() => _text;

    /// <summary>Compares two passwords that the same person has just typed. A stored one is compared by its hash.</summary>
    public bool IsSameAs(Password other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    public override string ToString() => "[redacted]";
}

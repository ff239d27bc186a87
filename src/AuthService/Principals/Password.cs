using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AuthService.Principals;

/// <summary>
/// A password as it was typed, in Unicode NFC so that every keyboard gives the same bytes. Nothing is trimmed, cut or
/// folded: the whole of it counts.
/// </summary>
internal sealed class Password
{
    public const int MinimumLength = 8;
    public const int MaximumLength = 256;

    private readonly string _text;

    private Password(string text) => _text = text;

    public static bool TryParse(string? text, [NotNullWhen(true)] out Password? password)
    {
        password = text is { Length: > 0 and <= MaximumLength } && UnicodeText.IsWellFormed(text)
            ? new Password(text.Normalize(NormalizationForm.FormC))
            : null;
        return password is not null;
    }

    /// <summary>The secret itself, for the hash and the policy alone.</summary>
    public string Reveal() => _text;

    public override string ToString() => "[redacted]";
}

using System.Diagnostics.CodeAnalysis;
using System.Text;
using AuthService.Tokens;

namespace AuthService.Principals;

/// <summary>
/// The id of a principal as it was written, and the form in which ids are compared: Unicode NFKC, then upper and lower case by the invariant rule, then NFKC
/// again. The unique index, every look-up and the lockout use this form, so that another spelling is not another id (the Kelvin sign is a k).
/// </summary>
internal sealed class PrincipalName
{
    public const int MaximumLength = 250;

    /// <summary>The rule of <see cref="TryParse"/>, as a text for the caller.</summary>
    public static readonly string Form = $"1 to {MaximumLength} characters, none of them a control character";

    private const char ReservedStart = '(';

    private PrincipalName(string text, string folded) => (Text, Folded) = (text, folded);

    public string Text { get; }

    public string Folded { get; }

    /// <summary>Returns the key under which failed sign-ins are counted, also for names that do not exist.</summary>
    public byte[] Hash() => TokenHash.Of(Folded);

    /// <summary>Parses a name; false for one that no principal can have: empty, too long, with control characters or broken Unicode.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PrincipalName? name)
    {
        name = null;
        if (text is not { Length: > 0 and <= MaximumLength } || text.Any(char.IsControl) || !UnicodeText.IsWellFormed(text))
            return false;
        name = new PrincipalName(text, Fold(text));
        return true;
    }

    /// <summary>
    /// Parses a name that was typed at a sign-in. White space and invisible format characters at its ends come from keyboards and copying (<c>"bobby "</c>),
    /// and no new name has them there.
    /// </summary>
    public static bool TryParseTyped(string? text, [NotNullWhen(true)] out PrincipalName? name) =>
        TryParse(text is null ? null : UnicodeText.TrimInvisible(text), out name);

    /// <summary>Checks whether a new principal may have the name. Existing principals keep theirs, so look-ups do not check this.</summary>
    /// <returns>The fault, as a text for the caller; null when there is none.</returns>
    public string? FindFault()
    {
        if (UnicodeText.TrimInvisible(Text).Length != Text.Length)
            return "The id may not begin or end with white space or an invisible character";
        if (Text.EnumerateRunes().Any(UnicodeText.IsHidden))
            return "The id may not hold invisible characters or line separators: it would look like another one";
        return Folded.StartsWith(ReservedStart)
            ? $"The id may not begin with \"{ReservedStart}\": the audit log calls actors so who are no principals"
            : null;
    }

    public static PrincipalName Of(Principal principal) => new(principal.Id, principal.FoldedId);

    /// <summary>
    /// Folds a name through upper case, so that letters with two small forms (the Greek sigma) become equal. Some characters change again when they are
    /// lowered, which is why the text is normalized twice.
    /// </summary>
    public static string Fold(string text) =>
        text.Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormKC);

    public override string ToString() => Text;
}

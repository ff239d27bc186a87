using System.Diagnostics.CodeAnalysis;
using System.Text;
using AuthService.Tokens;

namespace AuthService.Principals;

/// <summary>
/// The id of a principal as somebody wrote it, with the one form in which names are compared: Unicode NFKC, then upper
/// and lower case by the invariant rule, then NFKC again. The unique index, every look-up and the lockout use this form, so
/// that no second spelling of a name is another name (the Kelvin sign is a k).
/// </summary>
internal sealed class PrincipalName
{
    public const int MaximumLength = 250;

    private const char ReservedStart = '(';

    private PrincipalName(string text, string folded) => (Text, Folded) = (text, folded);

    public string Text { get; }

    public string Folded { get; }

    /// <summary>Under which failed sign-ins are counted, for names that nobody has as well.</summary>
    public byte[] Hash() => TokenHash.Of(Folded);

    /// <summary>False for a name that no principal can have: empty, too long, with control characters or broken Unicode.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PrincipalName? name)
    {
        name = null;
        if (text is not { Length: > 0 and <= MaximumLength } || text.Any(char.IsControl) || !UnicodeText.IsWellFormed(text))
            return false;
        name = new PrincipalName(text, Fold(text));
        return true;
    }

    /// <summary>
    /// The name as somebody typed it to sign in. White space and invisible format characters at its ends come from keyboards and
    /// from copying (<c>"bobby "</c>), and no new name has any there.
    /// </summary>
    public static bool TryParseTyped(string? text, [NotNullWhen(true)] out PrincipalName? name) =>
        TryParse(text is null ? null : UnicodeText.TrimInvisible(text), out name);

    /// <summary>Whether somebody new may have the name. Principals who are there already keep theirs, so look-ups do not ask this.</summary>
    /// <returns>What is wrong with it, in words for whoever wants it; null when nothing is.</returns>
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
    /// By way of upper case, which letters with two small forms (the Greek sigma) share. Some characters change once more
    /// when they are lowered, hence the second normalization.
    /// </summary>
    public static string Fold(string text) =>
        text.Normalize(NormalizationForm.FormKC).ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormKC);

    public override string ToString() => Text;
}

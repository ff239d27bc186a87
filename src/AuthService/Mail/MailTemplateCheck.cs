using Stubble.Core.Exceptions;
using Stubble.Core.Parser;
using Stubble.Core.Tokens;

namespace AuthService.Mail;

/// <summary>Parses a template as its renderer does, and finds faults that would leave a gap in a mail.</summary>
internal static class MailTemplateCheck
{
    private static readonly string[] OfEveryMail = [MailField.Name, MailField.Site];

    public static IEnumerable<string> FindFaults(string file, string template, MailKind kind)
    {
        var choices = kind.Required.Contains(MailField.Factor, StringComparer.Ordinal) ? MailFactor.All : [];
        string[] ofPerson = kind.HasPeople ? [MailField.Link] : [];
        string[] needed = [.. kind.Required.Where(field => field is MailField.Link or MailField.People), .. ofPerson];
        return FindFaults(file, template, [.. OfEveryMail, .. kind.Fields, .. ofPerson, .. choices], needed, raw: null);
    }

    /// <param name="file">The name of the file, with which each fault begins.</param>
    /// <param name="template">The content of the file.</param>
    /// <param name="known">The fields that it may contain.</param>
    /// <param name="needed">The fields that it must contain.</param>
    /// <param name="raw">The field that is already HTML; null for none.</param>
    public static IEnumerable<string> FindFaults(
        string file, string template, IReadOnlyCollection<string> known, IReadOnlyCollection<string> needed, string? raw)
    {
        List<MustacheToken> tokens;
        try
        {
            tokens = [.. Flatten(MustacheParser.Parse(template).Children)];
        }
        catch (StubbleException error)
        {
            return [$"{file} cannot be read: {error.Message}"];
        }

        var used = tokens.Select(FieldOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return
        [
            .. used.Except(known, StringComparer.Ordinal).Select(field => $"{file} has the unknown field \"{field}\"; known are {string.Join(", ", known)}"),
            .. needed.Except(used, StringComparer.Ordinal).Select(field => $"{file} lacks the field \"{field}\""),
            .. tokens.OfType<InterpolationToken>().Where(token => !token.EscapeResult && token.Content.ToString() != raw)
                .Select(token => $"{file} shows the field \"{token.Content}\" unescaped: write it with two braces"),
            .. tokens.OfType<PartialToken>().Select(token => $"{file} includes \"{token.Content}\": templates stand for themselves"),
        ];
    }

    private static IEnumerable<MustacheToken> Flatten(IEnumerable<MustacheToken> tokens) =>
        tokens.SelectMany(token => token is BlockToken block ? Flatten(block.Children).Prepend(block) : [token]);

    private static string? FieldOf(MustacheToken token) => token switch
    {
        InterpolationToken shown => shown.Content.ToString(),
        SectionToken section => section.SectionName,
        InvertedSectionToken section => section.SectionName,
        _ => null,
    };
}

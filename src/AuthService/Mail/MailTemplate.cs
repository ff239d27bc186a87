using Stubble.Core;
using Stubble.Core.Builders;

namespace AuthService.Mail;

/// <param name="Subject">The subject, on one line.</param>
/// <param name="Text">The plain text, for readers without HTML.</param>
/// <param name="Html">The same text as an HTML page.</param>
internal sealed record RenderedMail(string Locale, string Subject, string Text, string Html);

/// <summary>A mail of one kind in one language, as a Mustache template: values in HTML are escaped, and a template cannot run code.</summary>
internal sealed class MailTemplate
{
    public const string SubjectLine = "Subject: ";

    /// <summary>The field of the layout that holds the mail's own HTML.</summary>
    public const string Content = "content";

    private static readonly StubbleVisitorRenderer Html = new StubbleBuilder().Build();
    private static readonly StubbleVisitorRenderer Text = new StubbleBuilder().Configure(settings => settings.SetEncodingFunction(text => text)).Build();

    private readonly string _locale;
    private readonly string _subject;
    private readonly string _text;
    private readonly string _html;
    private readonly string _layout;

    private MailTemplate(string locale, string subject, string text, string html, string layout) =>
        (_locale, _subject, _text, _html, _layout) = (locale, subject, text, html, layout);

    /// <returns>Null when the text has no subject.</returns>
    public static MailTemplate? TryParse(string locale, string text, string html, string layout)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n', 3);
        return lines is [var subject, "", var body] && subject.StartsWith(SubjectLine, StringComparison.Ordinal)
            ? new MailTemplate(locale, subject[SubjectLine.Length..].Trim(), body, html, layout)
            : null;
    }

    /// <param name="fields">The fields; none contains a control character.</param>
    /// <param name="people">The recipients, if the kind is for several people. Their names contain no control character either.</param>
    public RenderedMail Render(IReadOnlyDictionary<string, string> fields, params IReadOnlyList<MailPerson> people)
    {
        var view = fields.ToDictionary(field => field.Key, field => (object)field.Value, StringComparer.Ordinal);
        if (fields.TryGetValue(MailField.Factor, out var factor))
            view[factor] = true;
        view[MailField.People] = people.Select(person => new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [MailField.Name] = person.Name,
            [MailField.Link] = person.Link,
        }).ToList();
        var subject = Text.Render(_subject, view);
        var page = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["locale"] = _locale,
            ["subject"] = subject,
            [MailField.Site] = fields[MailField.Site],
            [Content] = Html.Render(_html, view),
        };
        return new RenderedMail(_locale, subject, Text.Render(_text, view).TrimEnd() + "\n", Html.Render(_layout, page));
    }
}

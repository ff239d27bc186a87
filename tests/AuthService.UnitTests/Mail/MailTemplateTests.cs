using AuthService.Mail;
using Xunit;

namespace AuthService.UnitTests.Mail;

/// <summary>The built-in templates are used, unless a folder has one of the same name.</summary>
public sealed class MailTemplateTests : IDisposable
{
    private const string Link = "https://auth.example.com/page?a=1&b=2#token=tok_1";

    private const string EscapedLink = "https://auth.example.com/page?a=1&amp;b=2#token=tok_1";

    private static readonly string[] Loading = ["<img", "<script", "src=", "url(", "@import", "<link", "<iframe"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authservice-templates-");

    public static IEnumerable<object[]> EveryMail =>
        from kind in MailKind.All from locale in new[] { "en", "da" } select new object[] { kind.Name, locale };

    [Theory]
    [MemberData(nameof(EveryMail))]
    public void Every_mail_shows_its_fields_in_both_forms(string kind, string locale)
    {
        var mail = Render(Own().Find(MailKind.Find(kind)!, locale), MailKind.Find(kind)!);

        Assert.Equal(locale, mail.Locale);
        Assert.All([mail.Subject, mail.Text, mail.Html], part => Assert.DoesNotContain("{{", part, StringComparison.Ordinal));
        Assert.Contains("auth.example.com", mail.Subject, StringComparison.Ordinal);
        foreach (var (field, value) in FieldsOf(MailKind.Find(kind)!).Where(field => field.Key is not (MailField.Factor or MailField.Link)))
        {
            Assert.True(mail.Text.Contains(value, StringComparison.Ordinal), $"{field} is not in the text");
            Assert.True(mail.Html.Contains(value, StringComparison.Ordinal), $"{field} is not in the HTML");
        }

        var hasLink = HasLink(MailKind.Find(kind)!);
        Assert.Equal(hasLink, mail.Text.Contains(Link, StringComparison.Ordinal));
        Assert.Equal(hasLink, mail.Html.Contains($"href=\"{EscapedLink}\"", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(EveryMail))]
    public void No_mail_loads_anything_or_tells_that_it_was_read(string kind, string locale)
    {
        var html = Render(Own().Find(MailKind.Find(kind)!, locale), MailKind.Find(kind)!).Html;

        Assert.All(Loading, part => Assert.DoesNotContain(part, html, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("http", html.Replace("https://auth.example.com/", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<meta name=\"color-scheme\" content=\"light dark\">", html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(EveryMail))]
    public void An_optional_link_that_is_absent_leaves_no_gap(string kind, string locale)
    {
        var of = MailKind.Find(kind)!;
        var required = FieldsOf(of).Where(field => !of.Optional.Contains(field.Key, StringComparer.Ordinal)).ToDictionary(StringComparer.Ordinal);
        var mail = Own().Find(of, locale).Render(required, PeopleOf(of));

        var needsLink = of.HasPeople || of.Required.Contains(MailField.Link, StringComparer.Ordinal);
        Assert.Equal(needsLink, mail.Html.Contains("class=\"button", StringComparison.Ordinal));
        Assert.DoesNotContain("href=\"\"", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n\n", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("da")]
    public void A_mail_for_several_people_has_the_link_of_each_beside_the_name(string locale)
    {
        var mail = Own().Find(MailKind.PasswordResets, locale).Render(FieldsOf(MailKind.PasswordResets), new("grace <g>", $"{Link}g"), new("ada", $"{Link}a"));

        Assert.Contains($"\n\ngrace <g>: {Link}g\n\nada: {Link}a\n\n", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{EscapedLink}g\"", mail.Html, StringComparison.Ordinal);
        Assert.Contains("grace &lt;g&gt;</a>", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n\n", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MailFactor.AuthenticatorApp, "An authenticator app was connected to")]
    [InlineData(MailFactor.Passkey, "A passkey was added to")]
    [InlineData(MailFactor.RecoveryCodes, "New recovery codes were made for")]
    public void A_factor_is_told_in_words(string factor, string words)
    {
        var fields = FieldsOf(MailKind.FactorAdded);
        fields[MailField.Factor] = factor;

        Assert.Contains($"{words} your account at auth.example.com.", Own().Find(MailKind.FactorAdded, "en").Render(fields).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("da", "da")]
    [InlineData("DA", "da")]
    [InlineData("da-DK", "da")]
    [InlineData("da_DK", "da")]
    [InlineData("en-GB", "en")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    [InlineData(null, "en")]
    public void A_locale_is_found_by_its_language_and_English_stands_for_others(string? locale, string expected) =>
        Assert.Equal(expected, Render(Own().Find(MailKind.PasswordReset, locale), MailKind.PasswordReset).Locale);

    [Fact]
    public void A_folder_replaces_single_files()
    {
        Write("en/password-reset.txt", "Subject: Ours\n\nHello {{name}}: {{link}}");
        Write("layout.html", "<main>{{{content}}}</main>");
        Write(".hidden/notes.txt", "whatever");

        var mail = Render(Load().Find(MailKind.PasswordReset, "en"), MailKind.PasswordReset);

        Assert.Equal("Ours", mail.Subject);
        Assert.Equal($"Hello Ada: {Link}\n", mail.Text);
        Assert.StartsWith("<main><p>Hello Ada,</p>", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_adds_a_whole_locale()
    {
        foreach (var kind in MailKind.All)
        {
            var link = kind.HasPeople ? "{{#people}}{{name}}: {{link}}{{/people}}" : HasLink(kind) ? "{{link}}" : "";
            Write($"sv/{kind.Name}.txt", $"Subject: Hej från {{{{site}}}}\n\n{{{{name}}}} {link}");
            Write($"sv/{kind.Name}.html", $"<p>{{{{name}}}} {link}</p>");
        }

        Assert.Equal("Hej från auth.example.com", Render(Load().Find(MailKind.NewDevice, "sv-SE"), MailKind.NewDevice).Subject);
    }

    [Theory]
    [InlineData("en/password-reset.html", "{{link}} {{age}}", "en/password-reset.html has the unknown field \"age\"; known are name, site, link, minutes")]
    [InlineData(
        "en/password-reset.txt", "Subject: {{age}}\n\n{{link}}", "en/password-reset.txt has the unknown field \"age\"; known are name, site, link, minutes")]
    [InlineData("da/password-reset.html", "<p>{{minutes}}</p>", "da/password-reset.html lacks the field \"link\"")]
    [InlineData("en/password-reset.html", "<p>{{{name}}} {{link}}</p>", "en/password-reset.html shows the field \"name\" unescaped: write it with two braces")]
    [InlineData("en/password-reset.html", "<p>{{&name}} {{link}}</p>", "en/password-reset.html shows the field \"name\" unescaped: write it with two braces")]
    [InlineData("en/password-reset.html", "{{#link}}{{link}}", "en/password-reset.html cannot be read: Unclosed Block 'link' at 17")]
    [InlineData("en/password-reset.html", "{{link}}{{> footer}}", "en/password-reset.html includes \"footer\": templates stand for themselves")]
    [InlineData("en/password-reset.txt", "{{link}}", "en/password-reset.txt must begin with a line \"Subject: …\" and an empty one")]
    [InlineData("da/password-resets.html", "<p>{{link}}</p>", "da/password-resets.html lacks the field \"people\"")]
    [InlineData("da/password-resets.html", "{{#people}}{{name}}{{/people}}", "da/password-resets.html lacks the field \"link\"")]
    [InlineData("layout.html", "<p>{{subject}}</p>", "layout.html lacks the field \"content\"")]
    [InlineData("layout.html", "{{{content}}}{{name}}", "layout.html has the unknown field \"name\"; known are locale, subject, site, content")]
    public void A_fault_is_one_line_with_the_file_and_the_field(string file, string content, string fault)
    {
        Write(file, content);

        Assert.Equal(fault, Assert.Single(FaultsOf()));
    }

    [Theory]
    [InlineData("en/pasword-reset.txt")]
    [InlineData("english/password-reset.txt")]
    [InlineData("password-reset.txt")]
    [InlineData("en/password-reset.md")]
    public void A_file_that_is_no_template_is_told(string file)
    {
        Write(file, "x");

        Assert.StartsWith($"{file} is no template", Assert.Single(FaultsOf()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_locale_that_is_not_whole_is_told_file_by_file()
    {
        Write("sv/password-reset.txt", "Subject: x\n\n{{link}}");

        Assert.Equal((MailKind.All.Count * 2) - 1, FaultsOf().Count(fault => fault.EndsWith(" is missing", StringComparison.Ordinal)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static MailTemplateSet Own() => MailTemplateSet.Load(folder: null, out _);

    private static RenderedMail Render(MailTemplate template, MailKind kind) => template.Render(FieldsOf(kind), PeopleOf(kind));

    private static bool HasLink(MailKind kind) => kind.HasPeople || kind.Fields.Contains(MailField.Link, StringComparer.Ordinal);

    private static MailPerson[] PeopleOf(MailKind kind) => kind.HasPeople ? [new("grace <g>", Link), new("ada", Link)] : [];

    private static Dictionary<string, string> FieldsOf(MailKind kind) => kind.Fields.Where(field => field is not MailField.People)
        .Concat([MailField.Name, MailField.Site]).ToDictionary(field => field, ValueOf, StringComparer.Ordinal);

    private static string ValueOf(string field) => field switch
    {
        MailField.Link => Link,
        MailField.Site => "auth.example.com",
        MailField.Name => "Ada",
        MailField.Factor => MailFactor.Passkey,
        MailField.Minutes => "30",
        MailField.Address => "new@example.com",
        MailField.Device => "Firefox on Linux",
        MailField.Time => "2026-11-28 06:15 UTC",
        _ => "root",
    };

    private MailTemplateSet Load()
    {
        var set = MailTemplateSet.Load(_folder.FullName, out var faults);
        Assert.Empty(faults);
        return set;
    }

    private IReadOnlyList<string> FaultsOf()
    {
        MailTemplateSet.Load(_folder.FullName, out var faults);
        return faults;
    }

    private void Write(string file, string content)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}

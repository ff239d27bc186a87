using System.Reflection;
using System.Text.RegularExpressions;

namespace AuthService.Mail;

/// <summary>Holds the templates from files: <c>LOCALE/KIND.txt</c>, <c>LOCALE/KIND.html</c>, and one <c>layout.html</c> for all.</summary>
internal sealed partial class MailTemplateSet
{
    public const string DefaultLocale = "en";

    private const string Layout = "layout.html";
    private const string Resources = "mail/";

    private static readonly string[] LayoutFields = ["locale", "subject", MailField.Site, MailTemplate.Content];

    private static readonly string Kinds = string.Join(", ", MailKind.All.Select(kind => kind.Name));

    private readonly Dictionary<string, Dictionary<string, MailTemplate>> _locales = new(StringComparer.OrdinalIgnoreCase);

    private MailTemplateSet()
    {
    }

    /// <param name="folder">The folder with files that replace built-in ones or are added to them; null for none.</param>
    /// <param name="faults">One line for each fault of a file, beginning with the name of the file.</param>
    public static MailTemplateSet Load(string? folder, out IReadOnlyList<string> faults)
    {
        var (files, found, set) = (ReadOwn(), new List<string>(), new MailTemplateSet());
        if (folder is not null)
            ReadFolder(folder, files, found);
        var layout = files[Layout];
        found.AddRange(MailTemplateCheck.FindFaults(Layout, layout, LayoutFields, needed: [MailTemplate.Content], raw: MailTemplate.Content));
        var locales = files.Keys.Where(path => path.Contains('/', StringComparison.Ordinal)).Select(path => path.Split('/')[0]);
        foreach (var locale in locales.Distinct(StringComparer.Ordinal))
            set._locales[locale] = ReadLocale(locale, layout, files, found);
        faults = found;
        return set;
    }

    /// <summary>Finds the template for the person's locale, else for its language (<c>da-DK</c>: <c>da</c>), else in English.</summary>
    public MailTemplate Find(MailKind kind, string? locale)
    {
        var name = locale?.Replace('_', '-') ?? DefaultLocale;
        return (_locales.GetValueOrDefault(name) ?? _locales.GetValueOrDefault(name.Split('-')[0]) ?? _locales[DefaultLocale])[kind.Name];
    }

    private static Dictionary<string, string> ReadOwn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .ToDictionary(
                name => name[Resources.Length..].Replace('\\', '/'), name => ReadText(assembly.GetManifestResourceStream(name)!), StringComparer.Ordinal);
    }

    private static string ReadText(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void ReadFolder(string folder, Dictionary<string, string> files, List<string> faults)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (name.Split('/').Any(part => part.StartsWith('.')))
                continue; // files of Kubernetes and editors
            if (name == Layout || (FileName().Match(name) is { Success: true } match && MailKind.Find(match.Groups["kind"].Value) is not null))
                files[name] = File.ReadAllText(path);
            else
                faults.Add($"{name} is no template: write LOCALE/KIND.txt, LOCALE/KIND.html or {Layout}; KIND is {Kinds}");
        }
    }

    private static Dictionary<string, MailTemplate> ReadLocale(string locale, string layout, Dictionary<string, string> files, List<string> faults)
    {
        var templates = new Dictionary<string, MailTemplate>(StringComparer.Ordinal);
        foreach (var kind in MailKind.All)
        {
            var (text, html) = (files.GetValueOrDefault($"{locale}/{kind.Name}.txt"), files.GetValueOrDefault($"{locale}/{kind.Name}.html"));
            if (text is null)
                faults.Add($"{locale}/{kind.Name}.txt is missing");
            if (html is null)
                faults.Add($"{locale}/{kind.Name}.html is missing");
            if (text is null || html is null)
                continue;
            if (MailTemplate.TryParse(locale, text, html, layout) is { } template)
                templates[kind.Name] = template;
            else
                faults.Add($"{locale}/{kind.Name}.txt must begin with a line \"{MailTemplate.SubjectLine}…\" and an empty one");
            faults.AddRange(MailTemplateCheck.FindFaults($"{locale}/{kind.Name}.txt", text, kind));
            faults.AddRange(MailTemplateCheck.FindFaults($"{locale}/{kind.Name}.html", html, kind));
        }

        return templates;
    }

    [GeneratedRegex(@"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*/(?<kind>[a-z-]+)\.(txt|html)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();
}

using System.Reflection;
using System.Xml;
using System.Xml.Linq;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>
/// The comments of the records that are bodies, from the file that the compiler writes beside the program. The generator's own way would also show the
/// comments of handlers, in the place of the summaries that their routes have, and would keep the whole file in memory.
/// </summary>
internal sealed class ContractComments
{
    private const string TypePrefix = "T:AuthService.Api.";
    private const string PropertyPrefix = "P:AuthService.Api.";

    /// <summary>Read with the first document; the service starts without.</summary>
    private readonly Lazy<Dictionary<string, string>> _texts = new(static () => Read(Location));

    private static string Location => Path.Combine(AppContext.BaseDirectory, $"{typeof(ContractComments).Assembly.GetName().Name}.xml");

    /// <returns>Null where nobody has written any.</returns>
    public string? Find(Type type) => _texts.Value.GetValueOrDefault($"T:{NameOf(type)}");

    /// <inheritdoc cref="Find(Type)"/>
    public string? Find(MemberInfo member) => _texts.Value.GetValueOrDefault($"P:{NameOf(member.DeclaringType!)}.{member.Name}");

    private static string NameOf(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

    private static Dictionary<string, string> Read(string file)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(file))
            return texts;
        using var reader = XmlReader.Create(file);
        for (var more = reader.ReadToFollowing("member"); more; more = reader.ReadToFollowing("member"))
        {
            if (reader.GetAttribute("name") is { } name
                && (name.StartsWith(TypePrefix, StringComparison.Ordinal) || name.StartsWith(PropertyPrefix, StringComparison.Ordinal)))
            {
                using var comment = reader.ReadSubtree();
                Add(texts, name, XElement.Load(comment));
            }
        }

        return texts;
    }

    /// <summary>The compiler writes what is said of a record's parameters to the record, and the generator's own helper makes text of it.</summary>
    private static void Add(Dictionary<string, string> texts, string name, XElement comment)
    {
        if (comment.Element("summary") is { } summary)
            texts[name] = Humanize(summary);
        foreach (var parameter in comment.Elements("param"))
            texts[$"P{name[1..]}.{parameter.Attribute("name")!.Value}"] = Humanize(parameter);
    }

    private static string Humanize(XElement comment)
    {
        using var reader = comment.CreateReader();
        reader.MoveToContent();
        return string.Join(' ', XmlCommentsTextHelper.Humanize(reader.ReadInnerXml()).Split(['\r', '\n'], StringSplitOptions.TrimEntries));
    }
}

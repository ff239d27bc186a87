using System.Reflection;
using System.Xml;
using System.Xml.Linq;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace AuthService.Api.Documents;

/// <summary>
/// Reads the comments of the records that are bodies from the compiler's XML file. The generator's own reader is not used: it would replace the summaries of
/// routes by the comments of handlers, and keep the whole file in memory.
/// </summary>
internal sealed class ContractComments
{
    private const string TypePrefix = "T:AuthService.Api.";
    private const string PropertyPrefix = "P:AuthService.Api.";

    /// <summary>The comments by member. They are read for the first document; without the file the service still starts.</summary>
    private readonly Lazy<Dictionary<string, string>> _texts = new(static () => Read(Location));

    private static string Location => Path.Combine(AppContext.BaseDirectory, $"{typeof(ContractComments).Assembly.GetName().Name}.xml");

    /// <returns>Null when there is no comment.</returns>
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

    /// <summary>
    /// Adds the comment of a type or property as text. The compiler writes the comments of a record's parameters to the record, so they are added from there.
    /// </summary>
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

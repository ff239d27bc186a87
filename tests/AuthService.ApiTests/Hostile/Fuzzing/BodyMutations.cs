using System.Text;
using System.Text.Json.Nodes;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>Changes bodies to wrong types, lengths, encodings and forms.</summary>
internal static class BodyMutations
{
    /// <summary>A placeholder in the JSON. It is replaced by text that no JSON writer would write.</summary>
    private const string Mark = "@hostile@";

    private static readonly string[] ContentTypes =
    [
        "", " ", "json", "application/json;", "application/json; charset=utf-16", "application/json; charset=utf-7",
        "application/json; charset=no-such", "application/json; charset=\"utf-8",
        "application/problem+json", "text/json", "text/plain", "text/html", "application/xml", "application/octet-stream", "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-7", "application/x-www-form-urlencoded; charset=utf-32", "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=b", "multipart/mixed; boundary=b", "*/*", "a/b/c", "application/json, text/plain", new('a', 5_000),
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("a JSON value is another", (request, random) => ChangeJson(request, random, PutValue)),
        new("a JSON value is another", (request, random) => ChangeJson(request, random, PutValue)),
        new("a JSON value is another", (request, random) => ChangeJson(request, random, PutValue)),
        new("a JSON member is gone", (request, random) => ChangeJson(request, random, RemoveMember)),
        new("a JSON member is added", (request, random) => ChangeJson(request, random, AddMember)),
        new("a JSON member is doubled", (request, random) => ChangeJson(request, random, DoubleMember)),
        new("a form field is another", ChangeField),
        new("a form field is another", ChangeField),
        new("a part is broken", BreakPart),
        new("the body is another", (request, random) => ChangeBody(request, _ => HostileTexts.Any(random))),
        new("the body is another JSON value", (request, random) => ChangeBody(request, _ => HostileTexts.AnyJson(random))),
        new("the body is cut", (request, random) => ChangeBody(request, body => body[..random.Next(body.Length)])),
        new("a byte is another", (request, random) => ChangeBody(request, body => Replace(body, random.Next(body.Length), (char)random.Next(256)))),
        new("the body is in another encoding", ReEncode),
        new("something surrounds the body", Surround),
        new("the body is too large", (request, random) => ChangeBody(request, body => body + new string(' ', 70_000 * random.Next(1, 4)))),
        new("the content type is another", (request, random) => request.Body is null ? null : request.With("Content-Type", AnyType(random))),
        new("there is no content type", (request, _) => request.Body is null ? null : request.Without("Content-Type")),
        new("there is no body", (request, _) => request.Body is null ? null : request with { Body = null }),
        new("there is a stray body", (request, random) => request.Body is not null ? null
            : (request with { Body = HostileTexts.AnyJson(random) }).With("Content-Type", AnyType(random))),
        new("there is a stray JSON body", (request, random) => request.Body is not null ? null
            : (request with { Body = $"{{\"{Mark}\":{HostileTexts.AnyJson(random)}}}" }).With("Content-Type", "application/json")),
    ];

    private static string AnyType(Random random) => ContentTypes[random.Next(ContentTypes.Length)];

    private static RawRequest? ChangeBody(RawRequest request, Func<string, string> change) =>
        request.Body is { Length: > 0 } body ? request with { Body = change(body) } : null;

    private static RawRequest? ChangeJson(RawRequest request, Random random, Func<JsonNode, Random, string?> change)
    {
        if (request.Body is not { } body || request.ContentType is not "application/json" || JsonNode.Parse(Encoding.Latin1.GetBytes(body)) is not { } root)
            return null;
        return change(root, random) is { } changed ? request with { Body = changed } : null;
    }

    private static string? PutValue(JsonNode root, Random random)
    {
        var places = root.DescendantsOf().ToList();
        var text = HostileTexts.AnyJson(random);
        if (places.Count is 0)
            return text;
        places[random.Next(places.Count)].ReplaceWith(Mark);
        return RawRequest.Utf8(root.ToJsonString()).Replace($"\"{Mark}\"", text, StringComparison.Ordinal);
    }

    private static string? RemoveMember(JsonNode root, Random random)
    {
        if (AnyObject(root, random) is not { Count: > 0 } holder)
            return null;
        holder.RemoveAt(random.Next(holder.Count));
        return RawRequest.Utf8(root.ToJsonString());
    }

    private static string? AddMember(JsonNode root, Random random)
    {
        var (name, value) = (HostileTexts.Quoted(HostileTexts.Any(random)), HostileTexts.AnyJson(random));
        return PutMember(root, random, _ => $"{name}:{value}");
    }

    private static string? DoubleMember(JsonNode root, Random random) => PutMember(root, random, holder =>
    {
        var name = holder.ElementAt(random.Next(holder.Count)).Key;
        return $"{(random.Next(2) is 0 ? HostileTexts.Quoted(name) : $"\"\\u{(int)name[0]:x4}{name[1..]}\"")}:{HostileTexts.AnyJson(random)}";
    });

    private static string? PutMember(JsonNode root, Random random, Func<JsonObject, string> member)
    {
        if (AnyObject(root, random) is not { Count: > 0 } holder)
            return null;
        var text = member(holder);
        holder.Insert(random.Next(holder.Count + 1), Mark, 0);
        return RawRequest.Utf8(root.ToJsonString()).Replace($"\"{Mark}\":0", text, StringComparison.Ordinal);
    }

    private static JsonObject? AnyObject(JsonNode root, Random random)
    {
        var objects = root.DescendantsOf().Prepend(root).OfType<JsonObject>().ToArray();
        return objects.Length is 0 ? null : objects[random.Next(objects.Length)];
    }

    private static IEnumerable<JsonNode> DescendantsOf(this JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray entries => entries,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => child.DescendantsOf().Prepend(child));
    }

    private static RawRequest? ChangeField(RawRequest request, Random random)
    {
        if (request.Body is not { } body || request.ContentType is not "application/x-www-form-urlencoded")
            return null;
        var fields = body.Split('&').ToList();
        var at = random.Next(fields.Count);
        var (name, text) = (fields[at].Split('=')[0], HostileTexts.Any(random));
        fields[at] = random.Next(8) switch
        {
            0 => name,
            1 => $"{fields[at]}&{name}={HostileTexts.Escaped(text)}",
            2 => $"{HostileTexts.Escaped(text)}={name}",
            3 => $"{name}={text}",
            4 => string.Join('&', Enumerable.Repeat(fields[at], 1_100)),
            5 => $"{new string('k', 3_000)}={name}&{fields[at]}",
            _ => $"{name}={HostileTexts.Escaped(text)}",
        };
        return request with { Body = string.Join('&', fields) };
    }

    /// <summary>Breaks a part of a multipart form: its boundary, a header or its text.</summary>
    private static RawRequest? BreakPart(RawRequest request, Random random)
    {
        if (request.Body is not { } body || !request.ContentType.StartsWith("multipart/", StringComparison.Ordinal))
            return null;
        var lines = body.Split("\r\n");
        lines[random.Next(lines.Length)] = random.Next(3) is 0 ? "" : HostileTexts.Any(random);
        return request with { Body = string.Join("\r\n", lines) };
    }

    private static RawRequest? ReEncode(RawRequest request, Random random)
    {
        if (request.Body is not { Length: > 0 } body)
            return null;
        Encoding[] encodings = [Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.UTF8];
        var encoding = encodings[random.Next(encodings.Length)];
        var bytes = encoding.GetBytes(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)));
        var spoilt = request with { Body = Encoding.Latin1.GetString([.. random.Next(2) is 0 ? encoding.GetPreamble() : [], .. bytes]) };
        return random.Next(2) is 0 ? spoilt : spoilt.With("Content-Type", $"{request.ContentType}; charset={encoding.WebName}");
    }

    private static RawRequest? Surround(RawRequest request, Random random)
    {
        (string Before, string After)[] all =
        [
            ("[", "]"), ("", "}"), ("", "{}"), ("{\"x\":", "}"), ("/**/", ""), ("", "//"), ("\u00ef\u00bb\u00bf", ""), ("\v\f", ""),
            (RawRequest.Utf8("\u00a0"), ""), ("", "\0"), ("\0", ""),
            ("", "\x1a"), ("\x1e", "\n"), ("", ","), ("\r\n\r\n", "\r\n\r\n"), ("&", "&"), ("?", ""), ("--", "--"),
        ];
        var (before, after) = all[random.Next(all.Length)];
        return ChangeBody(request, body => before + body + after);
    }

    private static string Replace(string text, int at, char character) => $"{text[..at]}{character}{text[(at + 1)..]}";
}

using System.Globalization;
using System.Text.Json;

namespace AuthService.ApiTests.Http;

/// <summary>Checks whether a value fits a schema of an OpenAPI document, as far as these documents describe values.</summary>
/// <param name="document">The document in which references are resolved.</param>
public sealed class SchemaFit(JsonElement document)
{
    /// <summary>Returns what does not fit, each fault with its place; empty when all fits.</summary>
    public IEnumerable<string> FaultsOf(JsonElement value, JsonElement schema, string place = "$")
    {
        var described = Resolve(schema);
        if (described.TryGetProperty("oneOf", out var several))
            return several.EnumerateArray().Count(one => !FaultsOf(value, one, place).Any()) == 1 ? [] : [$"{place} is not one of {several}"];
        if (value.ValueKind is JsonValueKind.Null)
            return IsNullable(schema, described) ? [] : [$"{place} is null"];
        return described.GetProperty("type").GetString() switch
        {
            "object" => FaultsOfObject(value, described, place),
            "array" => value.ValueKind is JsonValueKind.Array
                ? value.EnumerateArray().SelectMany((item, i) => FaultsOf(item, described.GetProperty("items"), $"{place}[{i}]"))
                : [$"{place} is no array"],
            "string" => value.ValueKind is JsonValueKind.String && FitsFormat(value, described) ? [] : [$"{place} is no {described}: {value}"],
            "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _) ? [] : [$"{place} is no whole number"],
            "number" => value.ValueKind is JsonValueKind.Number ? [] : [$"{place} is no number"],
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [] : [$"{place} is no boolean"],
            var unknown => [$"{place} has the type {unknown}"],
        };
    }

    private IEnumerable<string> FaultsOfObject(JsonElement value, JsonElement schema, string place)
    {
        if (value.ValueKind is not JsonValueKind.Object)
            return [$"{place} is no object"];
        if (!schema.TryGetProperty("properties", out _) && !schema.TryGetProperty("additionalProperties", out _))
            return []; // WebAuthn specifies its own JSON
        return FindMissing(value, schema, place).Concat(value.EnumerateObject().SelectMany(member => FindMember(schema, member.Name) is { } described
            ? FaultsOf(member.Value, described, $"{place}.{member.Name}")
            : [$"{place}.{member.Name} is not in the schema"]));
    }

    private static IEnumerable<string> FindMissing(JsonElement value, JsonElement schema, string place) => schema.TryGetProperty("required", out var required)
        ? required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{place}.{name} is missing")
        : [];

    /// <summary>Finds the schema of a named member, or else the schema for members of any name.</summary>
    private static JsonElement? FindMember(JsonElement schema, string name)
    {
        if (schema.TryGetProperty("properties", out var members) && members.TryGetProperty(name, out var described))
            return described;
        return schema.TryGetProperty("additionalProperties", out var any) && any.ValueKind is JsonValueKind.Object ? any : null;
    }

    private static bool FitsFormat(JsonElement value, JsonElement schema) =>
        (schema.TryGetProperty("format", out var format) ? format.GetString() : null) switch
        {
            "uuid" => value.TryGetGuid(out _),
            "date-time" => DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };

    /// <summary>Returns whether null is allowed. A reference in OpenAPI 3.0 says nothing about null, so it counts as nullable.</summary>
    private static bool IsNullable(JsonElement schema, JsonElement described) =>
        schema.TryGetProperty("$ref", out _) || (described.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean());

    private JsonElement Resolve(JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? reference.GetString()!.Split('/')[1..].Aggregate(document, (element, name) => element.GetProperty(name))
        : schema;
}

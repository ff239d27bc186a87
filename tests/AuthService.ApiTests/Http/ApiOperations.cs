using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Http;

/// <summary>One operation as the OpenAPI documents describe it.</summary>
/// <param name="Document">The document that it stands in, for what it refers to.</param>
public sealed record ApiOperation(string Surface, HttpMethod Method, string Path, JsonElement Description, JsonElement Document)
{
    public bool NeedsToken => Description.TryGetProperty("security", out var security) && security.GetArrayLength() > 0;

    /// <summary>Its path with something in the place of each parameter.</summary>
    public string SomePath => Path.Replace("{id}", "nobody", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    public IEnumerable<(int Status, JsonElement Answer)> Answers => Description.GetProperty("responses").EnumerateObject()
        .Select(answer => (int.Parse(answer.Name, System.Globalization.CultureInfo.InvariantCulture), answer.Value));

    public override string ToString() => $"{Method} {Path}";

    /// <summary>The members of a schema, or of what it refers to.</summary>
    public IEnumerable<string> MembersOf(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return MembersOf(reference.GetString()!.Split('/')[1..].Aggregate(Document, (element, name) => element.GetProperty(name)));
        return schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(member => member.Name) : [];
    }
}

/// <summary>Every operation of every document that Swagger UI lists.</summary>
public static partial class ApiOperations
{
    public static async Task<IReadOnlyList<ApiOperation>> ListOperationsAsync(this AuthHost host)
    {
        var page = await host.Http.GetStringAsync("/swagger/index.js");
        var operations = new List<ApiOperation>();
        foreach (var address in DocumentAddress().Matches(page).Select(match => match.Groups["address"].Value))
        {
            var document = await host.GetAsync(address).ExpectAsync(HttpStatusCode.OK);
            operations.AddRange(
                from path in document.GetProperty("paths").EnumerateObject()
                from operation in path.Value.EnumerateObject()
                select new ApiOperation(address.Split('/')[2], HttpMethod.Parse(operation.Name.ToUpperInvariant()), path.Name, operation.Value, document));
        }

        return operations;
    }

    [GeneratedRegex("\"url\":\"(?<address>/swagger/[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DocumentAddress();
}

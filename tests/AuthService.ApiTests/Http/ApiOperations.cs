using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Http;

/// <summary>One operation as the OpenAPI documents describe it.</summary>
/// <param name="Document">The document that describes it, in which references are resolved.</param>
public sealed record ApiOperation(string Surface, HttpMethod Method, string Path, JsonElement Description, JsonElement Document)
{
    /// <summary>Whether it needs an access token or a credential that is accepted in its place.</summary>
    public bool NeedsToken => Schemes.Contains("Bearer", StringComparer.Ordinal);

    /// <summary>Whether its bearer is a refresh token or an app token and not an access token.</summary>
    public bool TakesOtherBearer => !NeedsToken && Schemes.Any(scheme => scheme is "RefreshToken" or "AppToken");

    /// <summary>The names of its security schemes. One of them is enough.</summary>
    public IEnumerable<string> Schemes => Description.TryGetProperty("security", out var security)
        ? security.EnumerateArray().SelectMany(requirement => requirement.EnumerateObject().Select(scheme => scheme.Name))
        : [];

    /// <summary>Whether administrators may not call it (src/AuthService/README.md#shared-signals).</summary>
    public bool IsForServicesAlone => Path.StartsWith("/ssf/", StringComparison.Ordinal);

    /// <summary>Whether browsers are sent there and errors are shown as pages.</summary>
    public bool AnswersWithPages => Path is "/auth/startLogin" or "/auth/idp/{title}/callback"
        || (Method == HttpMethod.Post && IsForm);

    /// <summary>It answers nothing itself: a browser is sent to another page.</summary>
    private bool Redirects => $"{this}" is "GET /login/second-step";

    private bool IsForm => Path.StartsWith("/login", StringComparison.Ordinal);

    /// <summary>Returns whether a call to its path with this method is answered with a page, because the path also has a form.</summary>
    public bool AnswersWithPagesTo(string method) => AnswersWithPages || (IsForm && method.Equals("POST", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether its responses are the same for everybody, so that caches may store them.</summary>
    public bool MayBeKept => Surface is "well-known" || Path is "/account" or "/portal" or "/pages/{version}/{name}";

    /// <summary>The path with a value in place of each parameter.</summary>
    public string SomePath =>
        Path.Replace("{id}", "nobody", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    public IEnumerable<(int Status, JsonElement Answer)> Answers => Description.GetProperty("responses").EnumerateObject()
        .Select(answer => (int.Parse(answer.Name, System.Globalization.CultureInfo.InvariantCulture), answer.Value));

    public IEnumerable<JsonElement> Parameters => Description.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [];

    /// <summary>The bodies of its request and its responses, one for each content type.</summary>
    public IEnumerable<DocumentedBody> Bodies
    {
        get
        {
            var sent = Description.TryGetProperty("requestBody", out var request) ? ContentsOf(request, status: null) : [];
            return sent.Concat(Answers.SelectMany(answer => ContentsOf(answer.Answer, answer.Status)));
        }
    }

    /// <summary>Whether a valid call of it is answered with this status.</summary>
    public bool Succeeds(int status) => Redirects ? status is 302 : status is >= 200 and < 300;

    public override string ToString() => $"{Method} {Path}";

    public ApiOperation With(string parameter, string value) => this with { Path = Path.Replace(parameter, value, StringComparison.Ordinal) };

    /// <summary>Returns the names of the members of a schema, after resolving a reference.</summary>
    public IEnumerable<string> MembersOf(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return MembersOf(reference.GetString()!.Split('/')[1..].Aggregate(Document, (element, name) => element.GetProperty(name)));
        return schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(member => member.Name) : [];
    }

    private IEnumerable<DocumentedBody> ContentsOf(JsonElement described, int? status) => described.TryGetProperty("content", out var contents)
        ? contents.EnumerateObject().Select(content => new DocumentedBody(this, status, content.Name, content.Value))
        : [];
}

/// <summary>One body as the OpenAPI documents describe it.</summary>
/// <param name="Status">The status of the response; null for a request.</param>
public sealed record DocumentedBody(ApiOperation Operation, int? Status, string ContentType, JsonElement Content)
{
    public string Place => $"{Operation} {Status} {ContentType}";

    public JsonElement Schema => Content.GetProperty("schema");

    /// <summary>The examples by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Examples => Content.TryGetProperty("examples", out var examples)
        ? examples.EnumerateObject().ToDictionary(example => example.Name, example => example.Value.GetProperty("value"), StringComparer.Ordinal)
        : new Dictionary<string, JsonElement>(StringComparer.Ordinal);
}

/// <summary>Every operation of every document that Swagger UI lists.</summary>
public static partial class ApiOperations
{
    public static Task<IReadOnlyList<ApiOperation>> ListOperationsAsync(this AuthHost host) => host.Http.ListOperationsAsync();

    /// <summary>Lists the operations of the documents and those that the documents leave out.</summary>
    public static async Task<IReadOnlyList<ApiOperation>> ListAllOperationsAsync(this HttpClient http) =>
        [.. await http.ListOperationsAsync(), .. UndocumentedRoutes.All];

    /// <inheritdoc cref="ListAllOperationsAsync(HttpClient)"/>
    public static Task<IReadOnlyList<ApiOperation>> ListAllOperationsAsync(this AuthHost host) => host.Http.ListAllOperationsAsync();

    public static async Task<IReadOnlyList<ApiOperation>> ListOperationsAsync(this HttpClient http)
    {
        var page = await http.GetStringAsync("/swagger/index.js");
        var operations = new List<ApiOperation>();
        foreach (var address in DocumentAddress().Matches(page).Select(match => match.Groups["address"].Value))
        {
            var document = await http.GetAsync($"/swagger/{address}").ExpectAsync(HttpStatusCode.OK);
            operations.AddRange(
                from path in document.GetProperty("paths").EnumerateObject()
                from operation in path.Value.EnumerateObject()
                select new ApiOperation(address.Split('/')[0], HttpMethod.Parse(operation.Name.ToUpperInvariant()), path.Name, operation.Value, document));
        }

        return operations;
    }

    [GeneratedRegex("\"url\":\"(?<address>[^\"]+/swagger\\.json)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DocumentAddress();
}

using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>One way to call an operation that its document shows: with one of its examples, or with its parameters alone.</summary>
/// <param name="ContentType">Null without a body.</param>
internal sealed record ValidCall(ApiOperation Operation, string? ContentType, JsonElement Example)
{
    private const string Boundary = "hostile";
    private const string KeyId = "KEY";

    /// <summary>A value for each parameter of a query that may be given in every call of its operation.</summary>
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["itemsPerPage"] = "25",
        ["page"] = "0",
        ["keepAlive"] = "true",
        ["limit"] = "5",
        ["order"] = "descending",
        ["query"] = "a",
        ["role"] = "USER",
        ["state"] = "ENABLED",
        ["principal"] = "ada",
        ["actor"] = "ada",
        ["from"] = "2024-01-01T00:00:00Z",
        ["to"] = "2999-01-01T00:00:00Z",
    };

    /// <summary>Those that services have and people do not.</summary>
    private bool IsAboutCredentials =>
        Operation.Path.Contains("/api-keys", StringComparison.Ordinal) || Operation.Path.EndsWith("/refresh-token", StringComparison.Ordinal);

    public static IEnumerable<ValidCall> AllOf(ApiOperation operation)
    {
        var bodies = operation.Bodies.Where(body => body.Status is null).ToList();
        var needsNone = bodies.Count is 0 || operation.Path is "/auth/request" or "/auth/claim";
        var shown = from body in bodies from example in body.Examples.Values select new ValidCall(operation, body.ContentType, example);
        return needsNone ? shown.Append(new ValidCall(operation, ContentType: null, Example: default)) : shown;
    }

    /// <summary>Sets the scene and writes the call: who calls may, and whom the example names is there.</summary>
    public async Task<RawRequest> WriteAsync(Uri server, Scene scene)
    {
        var request = new RawRequest($"{Operation.Method}", await TargetAsync(scene)).Add("Host", server.Authority).Add("Accept", "application/json");
        foreach (var (name, value) in await CredentialsAsync(scene))
            request = request.Add(name, value);
        return ContentType is null ? request : Fill(request, await StageAsync(JsonNode.Parse(Example.GetRawText())!, scene));
    }

    private async Task<string> TargetAsync(Scene scene)
    {
        var path = Operation.Path;
        foreach (var name in Operation.Parameters.Where(parameter => parameter.Text("in") is "path").Select(parameter => parameter.Text("name")))
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(await PathValueAsync(name, scene)), StringComparison.Ordinal);
        if (path.EndsWith("/tokens/one", StringComparison.Ordinal) && Operation.Method != HttpMethod.Put)
            await scene.StoreTokenAsync(path.Split('/')[2], "one");
        if (Operation.Path.EndsWith("/api-keys/{keyId}", StringComparison.Ordinal))
            path = path.Replace(KeyId, await scene.CreateKeyAsync(path.Split('/')[3]), StringComparison.Ordinal);
        var query = Operation.Parameters.Where(parameter => parameter.Text("in") is "query").Select(parameter => parameter.Text("name"))
            .Select(name => name switch
            {
                "jti" when ContentType is null => $"jti={NewName("jti")}",
                "audience" when ContentType is null => "audience=jobs:read",
                _ => Parameters.TryGetValue(name, out var value) ? $"{name}={value}" : null,
            }).OfType<string>();
        return string.Join('&', query) is { Length: > 0 } text ? $"{path}?{text}" : path;
    }

    private async Task<string> PathValueAsync(string name, Scene scene) => name switch
    {
        "uuid" when Operation.Path.EndsWith("/impersonate", StringComparison.Ordinal) => await scene.OpenAdminSessionAsync(),
        "uuid" when Operation.Path.EndsWith("/revertIdentity", StringComparison.Ordinal) => await scene.ImpersonatingSessionAsync(),
        "uuid" => await scene.OpenSessionAsync(),
        "sessionId" => await scene.OtherSessionAsync(),
        "id" when IsAboutCredentials => await scene.CreateServiceAsync(),
        "id" => (await scene.PersonAsync()).Text("id"),
        "app_id" => await NewApplicationAsync(scene),
        "tokenId" => "one",
        "product" => "EQUISOFT_CONNECT",
        "keyId" => KeyId, // belongs to the principal before it
        _ => throw new InvalidOperationException($"{Operation} has a parameter {name} that no scene knows"),
    };

    private static async Task<string> NewApplicationAsync(Scene scene)
    {
        await scene.CreateApplicationAsync();
        return scene.Uid;
    }

    /// <summary>Who may call what: SPEC 3 to 8.</summary>
    private async Task<IEnumerable<(string Name, string Value)>> CredentialsAsync(Scene scene) => (Operation.Surface, Operation.Path) switch
    {
        (_, "/auth/refresh" or "/auth/logout") => Bearer((await scene.SignedInAsync()).RefreshToken),
        (_, "/auth/refresh/web" or "/auth/logout/web") => SignIns.AsBrowser(await scene.SignedInBrowserAsync()),
        (_, "/api/v1/auth/logout") => Bearer(await scene.AppTokenAsync()),
        _ when !Operation.NeedsToken => [],
        ("account", _) or (_, "/auth/request" or "/auth/sessions") => Bearer((await scene.SignedInAsync()).AccessToken),
        ("admin", _) => Bearer(await scene.AdminAsync()),
        ("sessions", "/sessions") when Operation.Method == HttpMethod.Delete => Bearer(await scene.AdminAsync()),
        _ => Bearer(await scene.ServiceAsync()),
    };

    private static (string Name, string Value)[] Bearer(string token) => [("Authorization", $"Bearer {token}")];

    /// <summary>Puts those who are there in the place of those whom the example names.</summary>
    private static async Task<JsonNode> StageAsync(JsonNode example, Scene scene)
    {
        if (example is not JsonObject members)
            return example;
        foreach (var (name, value) in members.ToList())
        {
            JsonNode? there = name switch
            {
                "username" => (await scene.PersonAsync()).Text("id"),
                "userUuid" => (await scene.PersonAsync()).Text("uuid"),
                "validJWT" or "token" => (await scene.SignedInAsync()).AccessToken,
                "tokens" => new JsonArray((await scene.SignedInAsync()).RefreshToken, (await scene.SignedInBrowserAsync()).RefreshToken),
                "jti" => NewName("jti"),
                "uid" => scene.Uid,
                "id" => NewName((string)value! is ['_', ..] ? "_service" : "person"),
                _ => null,
            };
            if (there is not null)
                members[name] = there;
            else if (value is JsonObject inner)
                await StageAsync(inner, scene);
        }

        return example;
    }

    private RawRequest Fill(RawRequest request, JsonNode body) => ContentType switch
    {
        "application/x-www-form-urlencoded" => Fill(
            request, string.Join('&', Fields(body).Select(field => $"{field.Name}={HostileTexts.Escaped(field.Value)}")), ContentType),
        "multipart/form-data" => Fill(request, $"{string.Concat(Fields(body).Select(Part))}--{Boundary}--\r\n", $"{ContentType}; boundary={Boundary}"),
        "text/plain" => Fill(request, RawRequest.Utf8((string)body!), ContentType),
        _ => Fill(request, RawRequest.Utf8(body.ToJsonString()), ContentType!),
    };

    private static RawRequest Fill(RawRequest request, string body, string contentType) => (request with { Body = body }).Add("Content-Type", contentType);

    private static IEnumerable<(string Name, string Value)> Fields(JsonNode body) => body.AsObject().Select(field => (field.Key, $"{field.Value}"));

    private static string Part((string Name, string Value) field) =>
        $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{field.Name}\"\r\n\r\n{field.Value}\r\n";
}

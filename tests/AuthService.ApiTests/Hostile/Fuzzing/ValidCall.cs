using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using AuthService.ApiTests.Recovery;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Hostile.Fuzzing;

/// <summary>A valid call of an operation: with one of the examples in its document, or with its parameters only.</summary>
/// <param name="ContentType">The content type; null without a body.</param>
internal sealed record ValidCall(ApiOperation Operation, string? ContentType, JsonElement Example)
{
    private const string Boundary = "hostile";
    private const string KeyId = "KEY";
    private const string StreamId = "STREAM";

    /// <summary>Values for the query parameters that are valid in every call of their operation.</summary>
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

    /// <summary>Whether the operation is about credentials that services have and people do not.</summary>
    private bool IsAboutCredentials =>
        Operation.Path.Contains("/api-keys", StringComparison.Ordinal) || Operation.Path.EndsWith("/refresh-token", StringComparison.Ordinal);

    /// <summary>Whether the body contains the client's credentials. The call then has no other credential.</summary>
    private bool IsByClient => Example.ValueKind is JsonValueKind.Object && Example.TryGetProperty("client_secret", out _);

    /// <summary>Whether only a caller with an authenticator can make the call valid, as <see cref="Auth.PasskeyTests"/> do.</summary>
    public bool NeedsAuthenticator => Operation.Path.EndsWith("/passkeys/{id}", StringComparison.Ordinal)
        || (Example.ValueKind is JsonValueKind.Object && Example.TryGetProperty("credential", out _));

    /// <summary>Whether the call needs an instance with an identity provider, as <see cref="IdentityProviders.IdentityLinkTests"/> have.</summary>
    public bool NeedsProvider => Operation.Path is "/auth/startLogin" or "/account/identities/start" or "/account/identities/{id}"
        or "/admin/principals/{id}/identities/{identityId}" or "/auth/idp/{title}/backchannel-logout";

    public static IEnumerable<ValidCall> AllOf(ApiOperation operation)
    {
        var bodies = operation.Bodies.Where(body => body.Status is null).ToList();
        var needsNone = bodies.Count is 0 || operation.Path is "/auth/request" or "/auth/claim" or "/admin/principals/{id}/refresh-token";
        var shown = from body in bodies from example in body.Examples.Values select new ValidCall(operation, body.ContentType, example);
        return needsNone ? shown.Append(new ValidCall(operation, ContentType: null, Example: default)) : shown;
    }

    /// <summary>Creates the caller and what the example names, and writes the request.</summary>
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
        if ($"{Operation}" is "POST /admin/webhooks")
            await scene.DeleteWebhooksAsync(); // a deployment has at most a hundred webhooks, and deliveries to them take time
        var query = Operation.Parameters.Where(parameter => parameter.Text("in") is "query").Select(parameter => parameter.Text("name"))
            .Select(name => name switch
            {
                "jti" when ContentType is null => $"jti={NewName("jti")}",
                "audience" when ContentType is null => "audience=jobs:read",
                "stream_id" => $"stream_id={StreamId}",
                _ => Parameters.TryGetValue(name, out var value) ? $"{name}={value}" : null,
            }).OfType<string>();
        var text = string.Join('&', query);
        if (text.Contains(StreamId, StringComparison.Ordinal))
            text = text.Replace(StreamId, await scene.CreateStreamAsync(), StringComparison.Ordinal);
        return text.Length > 0 ? $"{path}?{text}" : path;
    }

    private async Task<string> PathValueAsync(string name, Scene scene) => name switch
    {
        "uuid" when Operation.Path.EndsWith("/impersonate", StringComparison.Ordinal) => await scene.OpenAdminSessionAsync(),
        "uuid" when Operation.Path.EndsWith("/revertIdentity", StringComparison.Ordinal) => await scene.ImpersonatingSessionAsync(),
        "uuid" => await scene.OpenSessionAsync(),
        "sessionId" => await scene.OtherSessionAsync(),
        "id" when Operation.Path.StartsWith("/account/devices/", StringComparison.Ordinal) => await scene.DeviceAsync(),
        "id" when Operation.Path.StartsWith("/admin/sessions/", StringComparison.Ordinal) => await scene.OtherSessionAsync(),
        "id" when IsAboutCredentials => await scene.CreateServiceAsync(),
        "id" => (await scene.PersonAsync()).Text("id"),
        "identityId" => $"{Guid.NewGuid()}",
        "app_id" => await NewApplicationAsync(scene),
        "tokenId" => "one",
        "product" => "EQUISOFT_CONNECT",
        "traceId" => await scene.RefusedTraceAsync(),
        "streamId" => await scene.CreateStreamAsync(),
        "webhookId" => await scene.WebhookAsync(),
        "deliveryId" => await scene.DeliveryAsync(),
        "title" => Scene.ProviderTitle,
        "version" => "0123456789abcdef",
        "name" => "style.css",
        "keyId" => KeyId, // the principal before it in the path owns the key
        _ => throw new InvalidOperationException($"{Operation} has a parameter {name} that no scene knows"),
    };

    private static async Task<string> NewApplicationAsync(Scene scene)
    {
        await scene.CreateApplicationAsync();
        return scene.Uid;
    }

    /// <summary>Returns the credential for the operation, according to src/AuthService/README.md#common-rules.</summary>
    private async Task<IEnumerable<(string Name, string Value)>> CredentialsAsync(Scene scene) => (Operation.Surface, Operation.Path) switch
    {
        (_, "/auth/refresh" or "/auth/logout") => Bearer((await scene.SignedInAsync()).RefreshToken),
        (_, "/auth/refresh/web" or "/auth/logout/web") => SignIns.AsBrowser(await scene.SignedInBrowserAsync()),
        (_, "/api/v1/auth/logout" or "/portal/token") => Bearer(await scene.AppTokenAsync()),
        _ when IsByClient || !Operation.NeedsToken => [],
        (_, "/auth/2fa/recovery-codes") => Bearer((await scene.GuardedAsync()).AccessToken),
        (_, "/auth/2fa") when Operation.Method == HttpMethod.Delete => Bearer((await scene.GuardedAsync()).AccessToken),
        (_, "/auth/reauthenticate") when Example.TryGetProperty("verificationCode", out _) => Bearer(await scene.HalfProvedAsync()),
        (_, "/auth/2fa" or "/auth/2fa/status" or "/auth/reauthenticate" or "/auth/reauthenticate/options" or "/auth/users/password") =>
            Bearer((await scene.SignedInAsync()).AccessToken),
        ("account", _) or (_, "/auth/request" or "/auth/sessions") => Bearer((await scene.SignedInAsync()).AccessToken),
        ("admin", _) => Bearer(await scene.AdminAsync()),
        ("sessions", "/sessions") when Operation.Method == HttpMethod.Delete => Bearer(await scene.AdminAsync()),
        ("signals", _) => Bearer(await scene.ReceiverAsync()),
        _ => Bearer(await scene.ServiceAsync()),
    };

    private static (string Name, string Value)[] Bearer(string token) => [("Authorization", $"Bearer {token}")];

    /// <summary>Replaces the names in the example by those of existing objects.</summary>
    private static async Task<JsonNode> StageAsync(JsonNode example, Scene scene)
    {
        if (example is not JsonObject members)
            return example;
        foreach (var (name, value) in members.ToList())
        {
            JsonNode? there = name switch
            {
                _ when value is null => null,
                "username" or "principal" => (await scene.PersonAsync()).Text("id"),
                "session" => await scene.OtherSessionAsync(),
                "stream_id" => await scene.CreateStreamAsync(),
                "userUuid" => (await scene.PersonAsync()).Text("uuid"),
                "token" when ((string)value!).StartsWith("reset_", StringComparison.Ordinal) => await scene.ResetTokenAsync(),
                "token" when ((string)value!).StartsWith("address_", StringComparison.Ordinal) => await scene.AddressTokenAsync(),
                "token" when ((string)value!).StartsWith("notme_", StringComparison.Ordinal) => await scene.NotMeTokenAsync(),
                "email" => Mailbox.NewAddressOf("ada"), // each address gets only a few mails an hour
                "validJWT" or "token" => (await scene.SignedInAsync()).AccessToken,
                "refresh_token" => (await scene.SignedInAsync()).RefreshToken,
                "client_id" => Scene.ServiceId,
                "client_secret" => await scene.ClientSecretAsync(),
                "tokens" => new JsonArray((await scene.SignedInAsync()).RefreshToken, (await scene.SignedInBrowserAsync()).RefreshToken),
                "jti" => NewName("jti"),
                "challengeId" => await scene.ChallengeAsync(),
                "verificationCode" => await scene.CodeAsync(),
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

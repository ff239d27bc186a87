using System.Text.Json;

namespace AuthService.ApiTests.Http;

/// <summary>
/// Routes that are in no OpenAPI document: pages, their forms, and routes for identity providers and load balancers. They are described like documented
/// operations, so that tests of all operations include them.
/// </summary>
internal static class UndocumentedRoutes
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>The name for routes with errors in the format of OpenID Connect Back-Channel Logout 1.0.</summary>
    public const string ProviderLogout = "provider-logout";

    public static readonly IReadOnlyList<ApiOperation> All =
    [
        Page("pages", "/"),
        Page("pages", "/login"),
        Of("pages", HttpMethod.Post, "/login", """{"username":"ada","password":"plum kettle orbit 93","service":"web","publicComputer":"true"}"""),
        Page("pages", "/login/second-step"),
        Of("pages", HttpMethod.Post, "/login/second-step", """{"challengeId":"2fa_x","verificationCode":"123456","service":"web"}"""),
        Page("pages", "/login/new-password"),
        Of("pages", HttpMethod.Post, "/login/new-password",
            """{"token":"reset_x","newPassword":"orbit 93 kettle plum","username":"ada","service":"web"}"""),
        Page("pages", "/login/forgotten"),
        Of("pages", HttpMethod.Post, "/login/forgotten", """{"email":"ada@example.com","service":"web"}"""),
        Page("account", "/account/confirm-email"),
        Page("account", "/account/not-me"),
        Page("account", "/account"),
        Page("pages", "/portal"),
        Of("pages", HttpMethod.Get, "/portal/token", needsToken: true),
        Page("pages", "/pages/{version}/{name}"),
        Of("auth", HttpMethod.Get, "/auth/idp/{title}/callback", query: "state"),
        Of(ProviderLogout, HttpMethod.Post, "/auth/idp/{title}/backchannel-logout", """{"logout_token":"e30.e30.e30"}"""),
        Page("pages", "/swagger/sign-in.json"),
        Page("pages", "/health/live"),
        Page("pages", "/health/ready"),
    ];

    private static ApiOperation Page(string surface, string path) => Of(surface, HttpMethod.Get, path);

    /// <param name="surface">The API in the format of which it refuses.</param>
    /// <param name="method">The method of the call.</param>
    /// <param name="path">The path with its parameters in braces.</param>
    /// <param name="form">The fields of its form with valid values; null when it has no form.</param>
    /// <param name="needsToken">Whether it needs a bearer token.</param>
    /// <param name="query">A query parameter that it reads; null when there is none.</param>
    private static ApiOperation Of(
        string surface, HttpMethod method, string path, string? form = null, bool needsToken = false, string? query = null)
    {
        var parameters = path.Split('{').Skip(1).Select(part => new { name = part.Split('}')[0], @in = "path" });
        var description = JsonSerializer.SerializeToElement(new
        {
            responses = new { },
            parameters = query is null ? parameters : parameters.Append(new { name = query, @in = "query" }),
            security = needsToken ? new[] { new { Bearer = Array.Empty<string>() } } : [],
        });
        return new ApiOperation(surface, method, path, form is null ? description : With(description, form), description);
    }

    private static JsonElement With(JsonElement description, string form)
    {
        var members = description.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        members["requestBody"] = JsonElement.Parse(
            $$"""{"content":{"{{Form}}":{"schema":{},"examples":{"valid":{"value":{{form}}} } } } }""");
        return JsonSerializer.SerializeToElement(members);
    }
}

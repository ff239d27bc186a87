using System.Net;
using System.Text.Json;

namespace AuthService.ApiTests.Http;

/// <summary>The format of the errors of an API (src/AuthService/README.md#common-rules).</summary>
/// <param name="Members">The names of the members, in order.</param>
internal sealed record Dialect(string ContentType, string Members)
{
    private static readonly Dictionary<string, Dialect> OfSurface = new(StringComparer.Ordinal)
    {
        ["auth"] = new("application/json", "why errorCode traceId") { Sometimes = " token" },
        ["passwords"] = new("application/json", "why errorCode traceId") { Sometimes = " token" },
        ["account"] = new("application/json", "message status traceId"),
        ["sessions"] = new("application/json", "message description traceId"),
        ["app-tokens"] = new("application/json", "code detail traceId"),
        ["admin"] = new("application/problem+json", "type title status detail code traceId"),
        ["pages"] = new("application/problem+json", "type title status detail code traceId"),
        [UndocumentedRoutes.ProviderLogout] = new("application/json", "error error_description"),
        ["revocations"] = new("application/problem+json", "type title status detail code traceId"),
        ["well-known"] = new("application/json", "error error_description traceId"),
        ["oauth"] = new("application/json", "error error_description traceId"),
        ["signals"] = new("application/json", "err description traceId"),
    };

    /// <summary>A member that only one refusal has, and that the documents show.</summary>
    public string Sometimes { get; private init; } = "";

    public static IEnumerable<Dialect> All => OfSurface.Values;

    /// <param name="surface">The name of the API's document.</param>
    public static Dialect Of(string surface) => OfSurface[surface];

    /// <summary>Returns the possible formats of an operation that is called with this method. A wrong method is refused in the format of the path.</summary>
    public static Dialect[] Of(ApiOperation operation, string method) =>
        operation.Surface is UndocumentedRoutes.ProviderLogout && method != operation.Method.Method
            ? [Of("auth")]
            : [Of(operation.Surface)];

    /// <summary>Returns the members for a status. A 422 response lists the faults of the input in its own format.</summary>
    public string MembersAt(int status) => status is 422 ? "detail traceId" : Members;
}

internal static class Dialects
{
    /// <summary>Returns whether the request was refused because of its form or size. An unknown token does not count: it may exist at another time.</summary>
    public static async Task<bool> IsAboutFormAsync(this HttpResponseMessage answer) =>
        (int)answer.StatusCode is 400 or 413 or 415 or 422 or >= 500
        && !(await answer.Content.ReadAsStringAsync()).Contains("\"INVALID_TOKEN\"", StringComparison.Ordinal);

    /// <returns>Null when the response is a refusal with this status in the format of the operation's API.</returns>
    public static async Task<string?> FaultOfRefusalAsync(this ApiOperation operation, HttpResponseMessage answer, HttpStatusCode status)
    {
        var dialect = Dialect.Of(operation.Surface);
        var (type, text) = (answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
        return answer.StatusCode == status && type == dialect.ContentType && MembersOf(text) == dialect.MembersAt((int)status)
            ? null
            : $"{(int)answer.StatusCode} {type} {text[..Math.Min(200, text.Length)]}";
    }

    /// <summary>Returns the names of the members of a JSON object, in their order.</summary>
    public static string MembersOf(string body)
    {
        try
        {
            return string.Join(' ', JsonElement.Parse(body).EnumerateObject().Select(member => member.Name));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return "no JSON object";
        }
    }
}

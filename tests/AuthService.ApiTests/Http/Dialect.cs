using System.Net;
using System.Text.Json;

namespace AuthService.ApiTests.Http;

/// <summary>What the errors of a surface look like (src/AuthService/README.md#common-rules).</summary>
/// <param name="Members">Their names, in order.</param>
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

    /// <summary>A member that one refusal alone has, and that the documents show.</summary>
    public string Sometimes { get; private init; } = "";

    public static IEnumerable<Dialect> All => OfSurface.Values;

    /// <param name="surface">The name of its document.</param>
    public static Dialect Of(string surface) => OfSurface[surface];

    /// <summary>Those of an operation that is called by any method: who is refused for the method is refused in the words of its path.</summary>
    public static Dialect[] Of(ApiOperation operation, string method) =>
        operation.Surface is UndocumentedRoutes.ProviderLogout && method != operation.Method.Method
            ? [Of("auth")]
            : [Of(operation.Surface)];

    /// <summary>Where a surface lists faults of the input it has another form for them.</summary>
    public string MembersAt(int status) => status is 422 ? "detail traceId" : Members;
}

internal static class Dialects
{
    /// <summary>Whether what was sent is refused for its form, or is too much. A token that nobody has is not: it may be another one tomorrow.</summary>
    public static async Task<bool> IsAboutFormAsync(this HttpResponseMessage answer) =>
        (int)answer.StatusCode is 400 or 413 or 415 or 422 or >= 500
        && !(await answer.Content.ReadAsStringAsync()).Contains("\"INVALID_TOKEN\"", StringComparison.Ordinal);

    /// <returns>Null when the answer is a refusal with this status in the words of the operation's surface.</returns>
    public static async Task<string?> FaultOfRefusalAsync(this ApiOperation operation, HttpResponseMessage answer, HttpStatusCode status)
    {
        var dialect = Dialect.Of(operation.Surface);
        var (type, text) = (answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync());
        return answer.StatusCode == status && type == dialect.ContentType && MembersOf(text) == dialect.MembersAt((int)status)
            ? null
            : $"{(int)answer.StatusCode} {type} {text[..Math.Min(200, text.Length)]}";
    }

    /// <summary>The members of a JSON object, as they are named and ordered.</summary>
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

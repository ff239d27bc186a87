using Microsoft.AspNetCore.Http;

namespace AuthService.Client.Bearer;

/// <summary>
/// Marks a request whose token cannot be checked at this moment. Where an endpoint accepts several schemes, the challenge of another one would otherwise
/// replace the 503 with its own 401.
/// </summary>
internal static class UncheckedToken
{
    private const string RetryAfterSeconds = "2";

    private static readonly object Key = new();

    public static void Mark(HttpContext http) => http.Items[Key] = true;

    public static bool IsIn(HttpContext http) => http.Items.ContainsKey(Key);

    /// <summary>Answers 503 with <c>Retry-After</c>.</summary>
    public static void Answer(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = RetryAfterSeconds;
    }
}

using AuthService.Api.Http.Errors;

namespace AuthService.Api.Auth;

internal static class ProviderLogoutErrors
{
    public static ApiError NoToken => ApiError.BadRequest("logout_token is missing in the form");

    public static BadRequestError InvalidToken => new("This logout token does not hold, or was used before");

    /// <summary>Writes the body of an error. The status is already set.</summary>
    public static Task WriteAsync(HttpContext context, ApiError error) => context.Response.WriteAsJsonAsync(
        new ProviderLogoutErrorBody(CodeOf(error.Status), error.Message),
        typeof(ProviderLogoutErrorBody),
        options: null,
        contentType: null,
        CancellationToken.None);

    private static string CodeOf(int status) => status switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request",
    };
}

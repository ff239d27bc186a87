using AuthService.Api.Http;

namespace AuthService.Api.OAuth;

/// <summary>The refusals of the OAuth endpoints, and how errors are written as in RFC 6749 (section 5.2, and 4.1.2.1 for faults of ours).</summary>
internal static class OAuthErrors
{
    private const string UnsupportedTokenType = "unsupported_token_type"; // RFC 7009, section 2.2.1

    public static BadRequestError StandingCredential =>
        new("The standing credential of a service ends when it is renewed, or its principal is disabled or deleted", UnsupportedTokenType);

    public static BadRequestError ApiKey => new("An API key is revoked by an administrator, at /admin/principals/{id}/api-keys", UnsupportedTokenType);

    public static object ToBody(ApiError error) => new OAuthErrorBody(CodeOf(error), error.Message, error.TraceId);

    private static string CodeOf(ApiError error) => error.Status switch
    {
        StatusCodes.Status401Unauthorized => "invalid_client",
        StatusCodes.Status403Forbidden => "unauthorized_client",
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        >= 500 => "server_error",
        _ => error.Code is UnsupportedTokenType ? UnsupportedTokenType : "invalid_request",
    };
}

using AuthService.Api.Http.Errors;
using AuthService.Sessions.Revoking;

namespace AuthService.Api.OAuth;

/// <summary>The refusals of the OAuth endpoints, and the format of their errors: RFC 6749, section 5.2, and 4.1.2.1 for faults of the server.</summary>
internal static class OAuthErrors
{
    private const string UnsupportedTokenType = "unsupported_token_type"; // RFC 7009, section 2.2.1
    private const string InvalidGrant = "invalid_grant"; // this code and the next two: RFC 6749, section 5.2
    private const string InvalidScope = "invalid_scope";
    private const string UnsupportedGrant = "unsupported_grant_type";

    public static BadRequestError NoGrantType => new("grant_type is missing in the form");

    public static BadRequestError UnsupportedGrantType =>
        new($"grant_type is {TokenGrantReader.ClientCredentialsGrant} or {TokenGrantReader.RefreshTokenGrant}", UnsupportedGrant);

    public static BadRequestError NoRefreshToken => new("refresh_token is missing in the form");

    public static BadRequestError InvalidRefreshToken => new("This refresh token is unknown, or no longer valid", InvalidGrant);

    /// <summary>
    /// Refuses a refresh token after its session has ended. The code is one that OAuth clients know; the description says why the session ended.
    /// </summary>
    public static BadRequestError Ended(EndReason reason) => new($"{reason.ToWords()} ({reason.ToCode()})", InvalidGrant);

    public static BadRequestError MalformedScope => new("scope holds scopes with spaces between them, such as files.upload:write", InvalidScope);

    public static BadRequestError ScopeNotCovered => new("More scopes are asked for than there are to give", InvalidScope);

    public static BadRequestError ServiceRefreshToken =>
        new("The refresh token of a service ends when it is renewed, or its principal is disabled or deleted", UnsupportedTokenType);

    public static BadRequestError ApiKey => new("An API key is revoked by an administrator, at /admin/principals/{id}/api-keys", UnsupportedTokenType);

    public static object ToBody(ApiError error) => new OAuthErrorBody(CodeOf(error), error.Message, error.TraceId);

    private static string CodeOf(ApiError error) => error.Status switch
    {
        StatusCodes.Status401Unauthorized => "invalid_client",
        StatusCodes.Status403Forbidden => "unauthorized_client",
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        >= 500 => "server_error",
        _ => error.Code is UnsupportedTokenType or InvalidGrant or InvalidScope or UnsupportedGrant ? error.Code : "invalid_request",
    };
}

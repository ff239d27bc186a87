namespace AuthService.Api.Http.Errors;

/// <summary>The public error codes that several APIs use.</summary>
internal static class ErrorCodes
{
    public const string BadRequest = "BAD_REQUEST";
    public const string Unauthenticated = "UNAUTHENTICATED";
    public const string Forbidden = "FORBIDDEN";
    public const string UntrustedOrigin = "UNTRUSTED_ORIGIN";
    public const string IncorrectPasskey = "INCORRECT_PASSKEY";
    public const string InvalidToken = "INVALID_TOKEN";
    public const string PasswordResetRequested = "PASSWORD_RESET_REQUESTED";
    public const string NotFound = "NOT_FOUND";
    public const string Conflict = "CONFLICT";
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    public const string PayloadTooLarge = "PAYLOAD_TOO_LARGE";
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";
    public const string Unprocessable = "UNPROCESSABLE";
    public const string TooManyRequests = "TOO_MANY_REQUESTS";
    public const string Unavailable = "UNAVAILABLE";
    public const string ServerError = "SERVER_ERROR";
}

using AuthService.Api.Http.Errors;

namespace AuthService.Api.Sessions;

/// <summary>The refusals of the Sessions API, and the format of its errors: <c>{"message": CODE, "description": text}</c>.</summary>
internal static class SessionErrors
{
    private const string AccessDeniedCode = "ACCESS_DENIED";
    private const string AlreadyImpersonatedCode = "SESSION_ALREADY_IMPERSONATED";
    private const string NotImpersonatedCode = "SESSION_NOT_IMPERSONATED";
    private const string SessionNotEnabledCode = "SESSION_NOT_ENABLED";
    private const string UserNotEnabledCode = "USER_NOT_ENABLED";
    private const string AgreementRequestedCode = "USER_AGREEMENT_REQUESTED";
    private const string ConcurrentAccessCode = "CONCURRENT_ACCESS";
    private const string InvalidCookieDomainCode = "INVALID_COOKIE_DOMAIN_NAME";

    public static NotFoundError UnknownSession => new("There is no such session");

    public static NotFoundError UnknownUser => new("There is no such user");

    public static NotFoundError UnknownProduct => new("There is no such product");

    public static NotFoundError UnknownToken => new("The session has no such token");

    public static ForbiddenError ImpersonationNotAllowed =>
        new("The session's user must be an administrator with the impersonation right, the other must not be an administrator", AccessDeniedCode);

    public static ForbiddenError ImpersonationByOther =>
        new("Only the session's administrator, with an access token of theirs, or the service that opened the session impersonates in it", AccessDeniedCode);

    public static ForbiddenError TokensOutOfReach => new("While the session impersonates somebody its tokens are out of reach", AccessDeniedCode);

    public static ForbiddenError TokenOfAnother =>
        new("Another service wrote this token, and Sessions:TokenReaders does not list the caller", AccessDeniedCode);

    public static ConflictError AlreadyImpersonated => new("The session impersonates somebody already", AlreadyImpersonatedCode);

    public static ConflictError NotImpersonated => new("The session does not impersonate anybody", NotImpersonatedCode);

    public static ConflictError SessionNotEnabled => new("The session is not enabled", SessionNotEnabledCode);

    public static ConflictError UserNotEnabled => new("The user is not enabled", UserNotEnabledCode);

    public static ConflictError AgreementRequested => new("The user has not accepted the agreement", AgreementRequestedCode);

    public static ConflictError ConcurrentAccess => new("The user uses this product in as many sessions as they may", ConcurrentAccessCode);

    public static ConflictError PasswordResetRequested => new("The user must set a new password first", ErrorCodes.PasswordResetRequested);

    public static BadRequestError InvalidCookieDomain => new("cookieDomain is not among the configured domains", InvalidCookieDomainCode);

    /// <summary>Creates the body of an error. Existing clients know thirteen codes, so other codes are replaced by one of these.</summary>
    public static object ToBody(ApiError error) => new SessionErrorBody(
        error.Status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => AccessDeniedCode,
            StatusCodes.Status404NotFound => ErrorCodes.NotFound,
            StatusCodes.Status400BadRequest or StatusCodes.Status409Conflict => error.Code,
            >= 500 => ErrorCodes.ServerError,
            _ => ErrorCodes.BadRequest,
        },
        error.Message,
        error.TraceId);
}

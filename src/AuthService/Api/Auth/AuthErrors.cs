using AuthService.Api.Http;

namespace AuthService.Api.Auth;

/// <summary>The refusals of the Auth API, and how its errors are written: <c>{"why": text, "errorCode": text or null}</c>.</summary>
internal static class AuthErrors
{
    public const int MostTokensAtOnce = 10_000;

    private const string WrongCredentialsCode = "WRONG_CREDENTIALS";
    private const string LockedCode = "SIGN_IN_LOCKED";
    private const string AlreadyClaimedCode = "ALREADY_CLAIMED";
    private const string InvalidTokenCode = "INVALID_TOKEN";
    private const string ScopeNotAllowedCode = "SCOPE_NOT_ALLOWED";
    private const string TooManyScopesCode = "TOO_MANY_SCOPES";

    public static UnauthenticatedError WrongCredentials => new("Incorrect username or password", WrongCredentialsCode);

    public static UnauthenticatedError InvalidRefreshToken => new("The refresh token is not valid", InvalidTokenCode);

    public static UnauthenticatedError InvalidJwt => new("validJWT is not valid", InvalidTokenCode);

    public static BadRequestError NoTokenList => new($"tokens must be a list of at most {MostTokensAtOnce} refresh tokens");

    public static BadRequestError TooManyScopes => new("The scopes are too many: the token would be too long to be accepted anywhere", TooManyScopesCode);

    public static ForbiddenError ScopeNotAllowed => new("A requested scope is not allowed", ScopeNotAllowedCode);

    public static ConflictError AlreadyClaimed => new("The token has been claimed before", AlreadyClaimedCode);

    public static TooManyRequestsError Locked(TimeSpan retryAfter) => new(retryAfter, "Too many failed sign-ins, try again later", LockedCode);

    public static object ToBody(ApiError error) => new AuthErrorBody(error.Message, error.Code, error.TraceId);
}

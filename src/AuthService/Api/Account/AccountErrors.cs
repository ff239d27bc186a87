using AuthService.Api.Http;
using AuthService.Principals;

namespace AuthService.Api.Account;

/// <summary>The refusals of the Account API, and how its errors are written: <c>{"message": text, "status": text}</c>.</summary>
internal static class AccountErrors
{
    private const string UnknownSessionCode = "SESSION_NOT_FOUND";
    private const string NoCurrentSessionCode = "NO_CURRENT_SESSION";
    private const string PasswordNotAllowedCode = "PASSWORD_NOT_ALLOWED";
    private const string WrongPasswordCode = "WRONG_PASSWORD";
    private const string ImpersonatedCode = "IMPERSONATED";
    private const string LockedCode = "PASSWORD_LOCKED";

    /// <summary>The same for a session of somebody else, which is none of the caller's business.</summary>
    public static NotFoundError UnknownSession => new("There is no such session", UnknownSessionCode);

    public static BadRequestError NoCurrentSession => new("The access token belongs to no session, so there are no others", NoCurrentSessionCode);

    public static BadRequestError PasswordLength(string field) =>
        new($"{field} must have {(field is "newPassword" ? Password.MinimumLength : 1)} to {Password.MaximumLength} characters");

    /// <param name="fault">What the policy says of it, in words for the person.</param>
    public static BadRequestError PasswordNotAllowed(string fault) => new(fault, PasswordNotAllowedCode);

    /// <summary>Not a 401: the access token holds, and a new one would not help.</summary>
    public static ForbiddenError WrongPassword => new("The current password is not right", WrongPasswordCode);

    public static ForbiddenError Impersonated => new("The password of somebody else cannot be changed by acting as them", ImpersonatedCode);

    public static ConflictError ChangedMeanwhile => new("Somebody else changed this account at the same moment, try again", ErrorCodes.Conflict);

    public static TooManyRequestsError Locked(TimeSpan retryAfter) => new(retryAfter, "Too many wrong passwords, try again later", LockedCode);

    public static object ToBody(ApiError error) => new AccountErrorBody(error.Message, error.Code, error.TraceId);
}

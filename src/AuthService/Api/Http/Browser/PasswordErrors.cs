using AuthService.Api.Http.Errors;
using AuthService.Principals.Passwords;
using AuthService.SignIn;

namespace AuthService.Api.Http.Browser;

/// <summary>The refusals of a new password.</summary>
internal static class PasswordErrors
{
    private const string PasswordNotAllowedCode = "PASSWORD_NOT_ALLOWED";
    private const string WrongPasswordCode = "WRONG_PASSWORD";
    private const string NoPasswordCode = "NO_PASSWORD";
    private const string ImpersonatedCode = "IMPERSONATED";
    private const string LockedCode = "PASSWORD_LOCKED";

    public static BadRequestError InvalidToken => new("The token is unknown, was used before, or is too old: sign in again", ErrorCodes.InvalidToken);

    /// <param name="fault">The message of the password policy for the person.</param>
    public static BadRequestError PasswordNotAllowed(string fault) => new(fault, PasswordNotAllowedCode);

    public static BadRequestError BadLength =>
        new($"The new password must have 1 to {Password.MaximumLength} characters", PasswordNotAllowedCode);

    /// <summary>Not a 401, because the access token is valid and a new one would not help.</summary>
    public static ForbiddenError WrongPassword => new("The current password is not right", WrongPasswordCode);

    /// <summary>Refuses a person who has no password, because they sign in only with an identity provider or a passkey.</summary>
    public static ConflictError NoPassword => new(
        "There is no password to change: choose one by \"Forgotten your password?\" at the sign-in, or ask an administrator for one", NoPasswordCode);

    public static ForbiddenError Impersonated => new("The password of somebody else cannot be changed by acting as them", ImpersonatedCode);

    public static ConflictError ChangedMeanwhile => new("Somebody else changed this account at the same moment, try again", ErrorCodes.Conflict);

    public static ApiError Length(string field) => ApiError.BadRequest($"{field} must have 1 to {Password.MaximumLength} characters");

    public static TooManyRequestsError Locked(TimeSpan retryAfter) => new(retryAfter, "Too many wrong passwords, try again later", LockedCode);

    public static ApiError ToError(PasswordChangeOutcome refused) => refused switch
    {
        PasswordChangeOutcome.WrongPassword => WrongPassword,
        PasswordChangeOutcome.NoPassword => NoPassword,
        PasswordChangeOutcome.Locked(var retryAfter) => Locked(retryAfter),
        PasswordChangeOutcome.Busy => UnavailableError.TooManyPasswords,
        PasswordChangeOutcome.Refused(var fault) => PasswordNotAllowed(fault),
        _ => ChangedMeanwhile,
    };
}

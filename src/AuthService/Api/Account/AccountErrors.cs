using AuthService.Api.Http.Errors;
using AuthService.Mail;
using AuthService.SignIn.Passkeys;

namespace AuthService.Api.Account;

/// <summary>The refusals of the Account API, and the format of its errors: <c>{"message": text, "status": text}</c>.</summary>
internal static class AccountErrors
{
    private const string UnknownSessionCode = "SESSION_NOT_FOUND";
    private const string NoCurrentSessionCode = "NO_CURRENT_SESSION";
    private const string UnknownPasskeyCode = "PASSKEY_NOT_FOUND";
    private const string TooManyPasskeysCode = "TOO_MANY_PASSKEYS";
    private const string TooManyMailsCode = "TOO_MANY_MAILS";
    private const string UnknownDeviceCode = "DEVICE_NOT_FOUND";
    private const string UnknownIdentityCode = "IDENTITY_NOT_FOUND";
    private const string LastWayCode = "LAST_WAY_TO_SIGN_IN";
    private const string ProviderUnreachableCode = "PROVIDER_UNREACHABLE";

    /// <summary>Refuses an unknown session and somebody else's session alike, so that the caller cannot tell which sessions exist.</summary>
    public static NotFoundError UnknownSession => new("There is no such session", UnknownSessionCode);

    public static BadRequestError NoCurrentSession => new("The access token belongs to no session, so there are no others", NoCurrentSessionCode);

    public static NotFoundError UnknownPasskey => new("There is no such passkey", UnknownPasskeyCode);

    /// <summary>Not a 401, because the access token is valid and a new one would not help. The error does not say what is wrong with the passkey.</summary>
    public static ForbiddenError IncorrectPasskey => new("Incorrect passkey", ErrorCodes.IncorrectPasskey);

    public static ConflictError TooManyPasskeys => new($"Nobody has more than {PasskeyService.Most} passkeys: remove one first", TooManyPasskeysCode);

    public static NotFoundError UnknownDevice => new("There is no such device", UnknownDeviceCode);

    public static NotFoundError UnknownIdentity => new("There is no such linked account", UnknownIdentityCode);

    public static ConflictError LastWay => new(
        "There would be nothing left to sign in with: set a password, or add another passkey or account, first", LastWayCode);

    public static BadRequestError ProviderUnreachable => new("The identity provider does not answer as it should, try again later", ProviderUnreachableCode);

    public static BadRequestError InvalidToken => new("The link is unknown, was used before, or is too old", ErrorCodes.InvalidToken);

    public static TooManyRequestsError TooManyMails =>
        new(MailBudget.Window, "Too many such mails were sent, try again later", TooManyMailsCode);

    public static object ToBody(ApiError error) => new AccountErrorBody(error.Message, error.Code, error.TraceId);
}

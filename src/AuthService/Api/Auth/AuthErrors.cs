using System.Reflection;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Refusals;
using AuthService.Sessions.Refresh;
using AuthService.Sessions.Revoking;
using AuthService.SignIn;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;
using Microsoft.AspNetCore.Http.Metadata;

namespace AuthService.Api.Auth;

/// <summary>The refusals of the Auth API, and the format of its errors: <c>{"why": text, "errorCode": text or null}</c>.</summary>
internal static class AuthErrors
{
    private const string WrongCredentialsCode = "WRONG_CREDENTIALS";
    private const string LockedCode = "SIGN_IN_LOCKED";
    private const string AlreadyClaimedCode = "ALREADY_CLAIMED";
    private const string ScopeNotAllowedCode = "SCOPE_NOT_ALLOWED";
    private const string TooManyScopesCode = "TOO_MANY_SCOPES";
    private const string IncorrectCodeCode = "INCORRECT_CODE";
    private const string CodesClosedCode = "SECOND_FACTOR_LOCKED";
    private const string SecondFactorNeededCode = "SECOND_FACTOR_NEEDED";
    private const string PasswordNeededCode = "PASSWORD_NEEDED";
    private const string SignInNeededCode = "SIGN_IN_NEEDED";
    private const string AlreadyConnectedCode = "ALREADY_CONNECTED";
    private const string NotConnectedCode = "NOT_CONNECTED";

    public static UnauthenticatedError WrongCredentials => new("Incorrect username or password", WrongCredentialsCode);

    public static UnauthenticatedError InvalidRefreshToken => new("The refresh token is not valid", ErrorCodes.InvalidToken);

    public static UnauthenticatedError InvalidJwt => new("validJWT is not valid", ErrorCodes.InvalidToken);

    public static UnauthenticatedError SessionEnded => new("The session of the access token has ended", ErrorCodes.InvalidToken);

    public static BadRequestError TooManyScopes => new("The scopes are too many: the token would be too long to be accepted anywhere", TooManyScopesCode);

    public static ForbiddenError ScopeNotAllowed => new("A requested scope is not allowed", ScopeNotAllowedCode);

    public static ConflictError AlreadyClaimed => new("The token has been claimed before", AlreadyClaimedCode);

    public static TooManyRequestsError Locked(TimeSpan retryAfter) => new(retryAfter, "Too many failed sign-ins, try again later", LockedCode);

    public static UnauthenticatedError IncorrectCode => new("Incorrect code", IncorrectCodeCode);

    /// <summary>Refuses every wrong passkey in the same way. The error says neither what is wrong nor which account it belongs to.</summary>
    public static UnauthenticatedError IncorrectPasskey => new("Incorrect passkey", ErrorCodes.IncorrectPasskey);

    public static UnauthenticatedError IncorrectPassword => new("Incorrect password", WrongCredentialsCode);

    public static TooManyRequestsError CodesClosed(TimeSpan retryAfter) => new(retryAfter, "Too many wrong codes, try again later", CodesClosedCode);

    /// <summary>
    /// Refuses a code in a session that is older than the app. Otherwise somebody who stole a session could connect an app and prove an identity with it.
    /// </summary>
    public static BadRequestError CodeIsNoProof => new("This session is older than the authenticator app: send the password first", PasswordNeededCode);

    /// <summary>Refuses a person who can sign in only with an account at an identity provider: nothing in this session can prove their identity.</summary>
    public static BadRequestError SignInNeeded => new("Nothing shows in this session who you are: sign out and sign in again", SignInNeededCode);

    public static BadRequestError SecondFactorNeeded => new("A password alone is not enough: send verificationCode or a passkey", SecondFactorNeededCode);

    public static BadRequestError AlreadyConnected => new("An authenticator app is connected already", AlreadyConnectedCode);

    public static BadRequestError NotConnected => new("No authenticator app is connected", NotConnectedCode);

    public static ApiError PasswordResetRequested(PasswordResetToken token) => new(
        StatusCodes.Status403Forbidden, ErrorCodes.PasswordResetRequested, "A new password is requested: choose one at /login, or set it with the token")
    {
        PasswordResetToken = token,
    };

    /// <summary>Tells the holder of a refresh token why its session has ended.</summary>
    public static UnauthenticatedError Ended(EndReason reason) => new(reason.ToWords(), reason.ToCode());

    public static UnauthenticatedError ToError(RefreshOutcome refused) =>
        refused is RefreshOutcome.Refused { Ended: { } reason } ? Ended(reason) : InvalidRefreshToken;

    public static SignInError ToError(SignInOutcome refused) => new(refused switch
    {
        SignInOutcome.Locked(var retryAfter) => Locked(retryAfter),
        SignInOutcome.PasswordResetRequested(var token) => PasswordResetRequested(token),
        SignInOutcome.Busy => UnavailableError.TooManyPasswords,
        SignInOutcome.Refused(RefusalReason.WrongPasskey) => IncorrectPasskey,
        _ => WrongCredentials,
    });

    public static SignInError ToError(AnswerOutcome refused) => refused switch
    {
        AnswerOutcome.Closed(var retryAfter) => new SignInError(CodesClosed(retryAfter)),
        AnswerOutcome.KeyMissing => new SignInError(UnavailableError.EncryptionKeyMissing),
        AnswerOutcome.ForApplication => new SignInError(LoginReader.NeedsJson),
        AnswerOutcome.SignIn(var outcome, _) => ToError(outcome),
        _ => new SignInError(IncorrectCode),
    };

    public static SignInError ToError(ReauthenticationOutcome refused) => new(refused switch
    {
        ReauthenticationOutcome.WrongPassword => IncorrectPassword,
        ReauthenticationOutcome.WrongCode => IncorrectCode,
        ReauthenticationOutcome.WrongPasskey => IncorrectPasskey,
        ReauthenticationOutcome.KeyMissing => UnavailableError.EncryptionKeyMissing,
        ReauthenticationOutcome.Locked(var retryAfter) => Locked(retryAfter),
        ReauthenticationOutcome.CodesClosed(var retryAfter) => CodesClosed(retryAfter),
        ReauthenticationOutcome.Busy => UnavailableError.TooManyPasswords,
        _ => ApiError.FromStatus(StatusCodes.Status401Unauthorized),
    });

    public static object ToBody(ApiError error) => new AuthErrorBody(error.Message, error.Code, error.TraceId, error.PasswordResetToken?.Reveal());
}

/// <summary>Any refusal of a sign-in except a malformed request.</summary>
internal sealed class SignInError(ApiError error) : Refusal(error), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        AddResponse(builder, StatusCodes.Status401Unauthorized);
        AddResponse(builder, StatusCodes.Status403Forbidden);
        AddResponse(builder, StatusCodes.Status429TooManyRequests);
        AddResponse(builder, StatusCodes.Status503ServiceUnavailable);
    }
}

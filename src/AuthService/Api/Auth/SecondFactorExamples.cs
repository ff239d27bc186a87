using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Auth;

/// <summary>The examples of second factors in the OpenAPI document of the Auth API.</summary>
internal static class SecondFactorExamples
{
    private const string Challenge = "2fa_h4Wd0…";
    private const string Code = "042713";
    private const string RecoveryCode = "k3vq-7n2d-mzxa-4hte";

    private static readonly TimeSpan Closed = TimeSpan.FromHours(1);

    public static readonly OperationExamples CreateCredentials = new()
    {
        Answers =
        {
            ["To be answered with the app's first code"] = new CredentialsResponse(
                "otpauth://totp/auth.example.com:ada?secret=JBSWY3DPEHPK3PXP&issuer=auth.example.com", "data:image/png;base64,iVBORw0KGgo…",
                "JBSWY3DPEHPK3PXP", Challenge),
        },
        Refusals = [AuthErrors.AlreadyConnected, ForbiddenError.NoOwnSession, UnavailableError.EncryptionKeyMissing],
    };

    public static readonly OperationExamples Answer = new()
    {
        Requests =
        {
            ["A code of the app"] = new AnswerChallengeRequest(Challenge, Code),
            ["A recovery code"] = new AnswerChallengeRequest(Challenge, RecoveryCode),
        },
        Answers =
        {
            ["A Web service: the refresh token is in the cookie"] = new LoginResponse(AccessToken, CsrfToken),
            ["An Application service: there is no cookie"] = new LoginResponse(AccessToken, CsrfToken, RefreshToken),
        },
        Refusals = [ApiError.Missing(ChallengeAnswer.CodeField), .. OfAnswers],
    };

    public static readonly OperationExamples AnswerForm = new()
    {
        Requests = { ["A code of the app"] = new AnswerChallengeRequest(Challenge, Code) },
        Answers =
        {
            ["A Web service: the refresh token is in the cookie"] = new LoginResponse(AccessToken, CsrfToken),
            ["An Application service: there is no cookie"] = new LoginResponse(AccessToken, CsrfToken, RefreshToken),
            ["A plain form: the page sends the browser on"] = ReturnPage.Page("https://app.example.com/").ToString(),
        },
        Refusals = [ApiError.Missing(ChallengeAnswer.CodeField), LoginReader.NeedsJson, .. OfAnswers],
    };

    public static readonly OperationExamples Status = new()
    {
        Answers = { ["With an authenticator app"] = new SecondFactorStatus(
            Connected: true, Required: false, RecoveryCodesLeft: 9, Passkeys: 1, Proofs: ["verificationCode", "passkey"]) },
    };

    public static readonly OperationExamples Remove = new() { Refusals = [AuthErrors.NotConnected] };

    public static readonly OperationExamples RecoveryCodes = new()
    {
        Answers = { ["Ten, shown once"] = new RecoveryCodesResponse([RecoveryCode, "w5bf-2ycr-ejo6-pqn3"]) },
        Refusals = [AuthErrors.NotConnected],
    };

    public static readonly OperationExamples Reauthenticate = new()
    {
        Requests =
        {
            ["A password"] = new ReauthenticateRequest(Password),
            ["A code of the app"] = new ReauthenticateRequest(VerificationCode: Code),
            ["A passkey"] = new ReauthenticateRequest(ChallengeId: Challenge, Credential: PasskeyExamples.Assertion),
        },
        Answers = { ["A token of the same session"] = new RefreshResponse(AccessToken) },
        Refusals =
        [
            IdentityProofReader.NoProof, AuthErrors.SecondFactorNeeded, AuthErrors.CodeIsNoProof, AuthErrors.SignInNeeded, ForbiddenError.NoOwnSession,
            AuthErrors.IncorrectPassword, AuthErrors.IncorrectCode, AuthErrors.IncorrectPasskey, AuthErrors.CodesClosed(Closed),
            UnavailableError.TooManyPasswords, UnavailableError.EncryptionKeyMissing,
        ],
    };

    public static readonly OperationExamples ReauthenticateOptions = new()
    {
        Answers = { ["For one of two passkeys"] = new PasskeyPromptResponse(Challenge, PasskeyExamples.ProofOptions) },
        Refusals = [ForbiddenError.NoOwnSession],
    };

    private static ApiError[] OfAnswers =>
    [
        AuthErrors.IncorrectCode, OriginFaults.UntrustedOrigin, AuthErrors.PasswordResetRequested(Tokens.PasswordResetToken.Example),
        AuthErrors.CodesClosed(Closed), UnavailableError.TooManyPasswords, UnavailableError.EncryptionKeyMissing,
    ];
}

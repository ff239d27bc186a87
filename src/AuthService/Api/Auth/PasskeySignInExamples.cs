using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Auth;

/// <summary>The examples of passkeys in the OpenAPI document of the Auth API.</summary>
internal static class PasskeySignInExamples
{
    private const string Site = "app";

    public static readonly OperationExamples Options = new()
    {
        Requests = { ["For a login service"] = new PasskeyOptionsRequest(Site) },
        Answers = { ["The browser offers the passkeys that it has"] = new PasskeyPromptResponse(PasskeyExamples.Challenge, PasskeyExamples.SignInOptions) },
        Refusals = [ApiError.Missing(LoginReader.Service), LoginReader.UnknownService, OriginFaults.UntrustedOrigin],
    };

    public static readonly OperationExamples Login = new()
    {
        Requests = { ["What the browser gave"] = new PasskeyLoginRequest(PasskeyExamples.Challenge, PasskeyExamples.Assertion, Site) },
        Answers =
        {
            ["A Web service: the refresh token is in the cookie"] = new LoginResponse(AccessToken, CsrfToken),
            ["An Application service: there is no cookie"] = new LoginResponse(AccessToken, CsrfToken, RefreshToken),
        },
        Refusals =
        [
            ApiError.Missing("credential"), LoginReader.UnknownService, AuthErrors.IncorrectPasskey, OriginFaults.UntrustedOrigin,
            AuthErrors.PasswordResetRequested(Tokens.PasswordResetToken.Example), AuthErrors.Locked(TimeSpan.FromSeconds(5)),
        ],
    };
}

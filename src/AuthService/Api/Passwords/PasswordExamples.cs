using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals.Passwords;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Passwords;

/// <summary>The examples in the OpenAPI document of the Passwords API.</summary>
internal static class PasswordExamples
{
    public static readonly OperationExamples RequestReset = new()
    {
        Requests = { ["Of somebody who has forgotten it"] = new EmailRequest(Email) },
        Refusals = [EmailReader.Bad, UnavailableError.MailNotConfigured],
    };

    public static readonly OperationExamples Reset = new()
    {
        Requests = { ["With the token of a mail"] = new NewPasswordRequest(ResetToken, NewPassword) },
        Refusals =
        [
            PasswordErrors.InvalidToken, PasswordErrors.PasswordNotAllowed(PasswordPolicy.Unchanged), PasswordErrors.BadLength,
            UnavailableError.TooManyPasswords,
        ],
    };
}

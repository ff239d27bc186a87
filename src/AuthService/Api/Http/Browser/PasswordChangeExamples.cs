using AuthService.Api.Http.Errors;
using AuthService.Api.Http.OpenApi;
using AuthService.Principals.Passwords;
using static AuthService.Api.Http.OpenApi.ExampleValues;

namespace AuthService.Api.Http.Browser;

/// <summary>The examples of changing one's own password in the OpenAPI documents.</summary>
internal static class PasswordChangeExamples
{
    public static readonly OperationExamples Change = new()
    {
        Requests = { ["A new one for the old"] = new ChangePasswordRequest(ExampleValues.Password, NewPassword) },
        Refusals =
        [
            PasswordErrors.Length("newPassword"), PasswordErrors.PasswordNotAllowed(PasswordPolicy.TooShort(minimum: 8)), PasswordErrors.WrongPassword,
            PasswordErrors.NoPassword, PasswordErrors.Impersonated, PasswordErrors.ChangedMeanwhile, PasswordErrors.Locked(TimeSpan.FromSeconds(5)),
            UnavailableError.TooManyPasswords,
        ],
    };
}

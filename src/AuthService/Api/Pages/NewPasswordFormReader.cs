using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;

namespace AuthService.Api.Pages;

/// <param name="Reset">What the Passwords API takes as JSON.</param>
/// <param name="Username">To sign in with afterwards.</param>
/// <param name="Service">For which site that is.</param>
/// <param name="PublicComputer">Whether that sign-in is to be one of a public computer.</param>
internal sealed record NewPasswordForm(PasswordReset Reset, string Username, string Service, bool PublicComputer);

/// <summary>What the page for a new password sends. The token is its proof that it comes from there.</summary>
internal sealed class NewPasswordFormReader : IInputReader<NewPasswordForm>
{
    public static async ValueTask<ReadResult<NewPasswordForm>> ReadAsync(HttpContext context) =>
        (await FormBody.ReadRequiredAsync(context)).Then(form => PasswordResetReader
            .Check(form[NewPasswordPage.Token], form[NewPasswordPage.NewPassword])
            .Then<NewPasswordForm>(reset => new NewPasswordForm(
                reset, form[LoginReader.Username].ToString(), form[LoginReader.Service].ToString(), form.IsOn(LoginReader.PublicComputer))));
}

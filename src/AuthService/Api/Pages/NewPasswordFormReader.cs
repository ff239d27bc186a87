using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;

namespace AuthService.Api.Pages;

/// <param name="Reset">The token and the new password.</param>
/// <param name="Username">The name to sign in with afterwards.</param>
/// <param name="Service">The login service of that sign-in.</param>
/// <param name="PublicComputer">Whether that sign-in is on a public computer.</param>
internal sealed record NewPasswordForm(PasswordReset Reset, string Username, string Service, bool PublicComputer);

/// <summary>Reads the form of the page for a new password. Its origin is not checked, because the token proves that it comes from the page.</summary>
internal sealed class NewPasswordFormReader : IInputReader<NewPasswordForm>
{
    public static async ValueTask<ReadResult<NewPasswordForm>> ReadAsync(HttpContext context) =>
        (await FormBody.ReadRequiredAsync(context)).Then(form => PasswordResetReader
            .Check(form[NewPasswordPage.Token], form[NewPasswordPage.NewPassword])
            .Then<NewPasswordForm>(reset => new NewPasswordForm(
                reset, form[LoginReader.Username].ToString(), form[LoginReader.Service].ToString(), form.IsOn(LoginReader.PublicComputer))));
}

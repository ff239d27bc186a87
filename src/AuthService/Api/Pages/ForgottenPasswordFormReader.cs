using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;
using AuthService.Mail;

namespace AuthService.Api.Pages;

/// <param name="Address">The address of the person who has forgotten their password.</param>
/// <param name="Service">The login service that they want to sign in to.</param>
internal sealed record ForgottenPasswordForm(MailAddress Address, string Service);

internal sealed class ForgottenPasswordFormReader : IInputReader<ForgottenPasswordForm>
{
    public static async ValueTask<ReadResult<ForgottenPasswordForm>> ReadAsync(HttpContext context)
    {
        if (OriginFaults.FindOfSignIn(context) is { } untrusted)
            return untrusted;
        return (await FormBody.ReadRequiredAsync(context)).Then(form => EmailReader.Check(form[EmailReader.Field])
            .Then<ForgottenPasswordForm>(address => new ForgottenPasswordForm(address, form[LoginReader.Service].ToString())));
    }
}

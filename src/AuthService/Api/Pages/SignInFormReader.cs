using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;
using AuthService.SignIn;

namespace AuthService.Api.Pages;

/// <summary>Reads the form of the sign-in page. The response is always a page, whatever the request accepts.</summary>
internal sealed class SignInFormReader : IInputReader<SignInAttempt>
{
    public static async ValueTask<ReadResult<SignInAttempt>> ReadAsync(HttpContext context) =>
        (await LoginReader.ReadAsync(context, wantsPage: true)).Then<SignInAttempt>(login => login.Attempt);
}

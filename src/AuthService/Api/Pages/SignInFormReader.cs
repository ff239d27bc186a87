using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;
using AuthService.SignIn;

namespace AuthService.Api.Pages;

/// <summary>What the sign-in page sends; it is answered with a page, whatever else the sender would accept.</summary>
internal sealed class SignInFormReader : IInputReader<SignInAttempt>
{
    public static async ValueTask<ReadResult<SignInAttempt>> ReadAsync(HttpContext context) =>
        (await LoginReader.ReadAsync(context, wantsPage: true)).Then<SignInAttempt>(login => login.Attempt);
}

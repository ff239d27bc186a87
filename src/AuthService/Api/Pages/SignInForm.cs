using System.Reflection;
using AuthService.Api.Http;
using AuthService.SignIn;

namespace AuthService.Api.Pages;

/// <summary>What the sign-in page sends; it is answered with a page, whatever else the sender would accept.</summary>
internal sealed class SignInForm : IBoundInput, IBindableFromHttpContext<SignInForm>
{
    private readonly LoginInput _input;

    private SignInForm(LoginInput input) => _input = input;

    public ApiError? Fault => _input.Fault;

    public SignInAttempt Attempt => _input.Attempt;

    public static async ValueTask<SignInForm?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new SignInForm(await LoginInput.ReadAsync(context, wantsPage: true));
}

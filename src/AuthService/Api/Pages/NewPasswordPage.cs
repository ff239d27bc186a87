using System.Globalization;
using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Mail;
using AuthService.Principals.Passwords;

namespace AuthService.Api.Pages;

/// <summary>The page that is shown when a sign-in requires a new password. The token is in the page and nowhere else.</summary>
internal sealed class NewPasswordPage(string token, string? username, string? service) : IResult
{
    public const string Path = $"{SignInPage.Path}/new-password";
    public const string Token = "token";
    public const string NewPassword = "newPassword";

    /// <summary>Creates the page for links in mails, and for sign-ins by a script. Its script takes the token from the address.</summary>
    public static NewPasswordPage OfLink(string? service, string? publicComputer) => new(token: "", username: null, service)
    {
        PublicComputer = publicComputer is "true",
    };

    /// <summary>Whether the sign-in that follows is on a public computer.</summary>
    public bool PublicComputer { get; init; }

    private string? Problem { get; init; }

    /// <summary>Whether the token was refused.</summary>
    private bool IsOver { get; init; }

    /// <summary>Writes the page for a refusal of what it sent. The status is set already.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        var form = await PageErrors.FindFormAsync(context, error);
        var page = new NewPasswordPage(form?[Token].ToString() ?? "", form?[LoginReader.Username].ToString(), form?[LoginReader.Service].ToString())
        {
            Problem = PageErrors.InWords(error),
            IsOver = error.Code is ErrorCodes.InvalidToken,
            PublicComputer = form?.IsOn(LoginReader.PublicComputer) ?? false,
        };
        await page.WriteToAsync(context);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (token.Length > 0) // the API answers such a sign-in with this status
        {
            httpContext.Response.StatusCode = StatusCodes.Status403Forbidden;
            httpContext.RequestServices.GetRequiredService<RefusalRecorder>().Record(httpContext, ApiError.FromStatus(StatusCodes.Status403Forbidden));
        }

        return WriteToAsync(httpContext);
    }

    private Task WriteToAsync(HttpContext context)
    {
        var policy = context.RequestServices.GetRequiredService<PasswordPolicy>();
        var offersLink = IsOver && context.RequestServices.GetRequiredService<MailAvailability>().IsConfigured;
        return CardPage.WriteAsync(
            context, "Choose a new password", Problem, pathBase => Form(pathBase, policy, offersLink ? AnotherLink(pathBase) : null), "link.js");
    }

    private Html AnotherLink(string pathBase) => Html.Of(
        $"""
        <p><a href="{pathBase}{ForgottenPasswordPage.Path}?service={Uri.EscapeDataString(service ?? "")}">Ask for another link</a></p>
        """);

    /// <summary>The page does not know who the person is, so it shows both lengths where they differ.</summary>
    /// <param name="pathBase">Stands before every address of this service.</param>
    /// <param name="policy">Gives the lengths that a password needs.</param>
    /// <param name="anotherLink">A link, below the problem; null where it would not help.</param>
    private Html Form(string pathBase, PasswordPolicy policy, Html? anotherLink)
    {
        var (shortest, administrators) = (TextOf(policy.MinimumLength), TextOf(policy.MinimumLengthForAdministrators));
        var more = administrators == shortest ? "" : $"; administrators need at least {administrators}";
        return Html.Of(
            $"""
            <p class="muted">Choose a new password, and sign in with it.</p>
                  <p id="{CardPage.ProblemId}" class="problem" role="alert">{Problem}</p>
                  {anotherLink}
                  {(token.Length > 0 ? null : CardPage.OnlyWithScript)}<form method="post" action="{pathBase}{Path}">
                    <input type="hidden" name="{Token}" value="{token}">
                    <input type="hidden" name="{LoginReader.Service}" value="{service}">
                    <input type="hidden" name="{LoginReader.Username}" value="{username}" autocomplete="username">
                    {(PublicComputer ? CardPage.OfPublicComputer : null)}
                    <label for="new">New password</label>
                    <input id="new" name="{NewPassword}" type="password" autocomplete="new-password"
                      minlength="{shortest}" maxlength="{CardPage.LongestPassword}" required autofocus{CardPage.FaultOf(Problem)}>
                    <p class="muted hint">At least {shortest} characters{more}. A few words that do not belong together are good.</p>
                    <button class="main">Set the password</button>
                  </form>
                  {CardPage.BackToSignIn(pathBase, service)}
            """);
    }

    private static string TextOf(int number) => number.ToString(CultureInfo.InvariantCulture);
}

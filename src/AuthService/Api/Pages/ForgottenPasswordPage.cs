using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;

namespace AuthService.Api.Pages;

/// <summary>The page on which people request a mail for a new password. It says the same whether or not anybody has the address.</summary>
internal sealed class ForgottenPasswordPage(string? service) : IResult
{
    public const string Path = $"{SignInPage.Path}/forgotten";

    private string? Problem { get; init; }

    public bool IsSent { get; init; }

    /// <summary>Writes the page for every refusal of its form, from a handler or from middleware. The status is already set.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        var form = await PageErrors.FindFormAsync(context, error);
        await new ForgottenPasswordPage(form?[LoginReader.Service].ToString()) { Problem = PageErrors.InWords(error) }.ExecuteAsync(context);
    }

    public Task ExecuteAsync(HttpContext httpContext) =>
        CardPage.WriteAsync(httpContext, "Forgotten password", Problem, pathBase => IsSent ? Sent(pathBase) : Form(pathBase));

    private Html Sent(string pathBase) => Html.Of(
        $"""
        <p class="notice plain" role="status">If somebody has this address, a mail with a link is on its way to it. The link is good for 30 minutes.</p>
              <p class="muted hint">Nothing came? Look among the unwanted mail. At most three mails go to an address in an hour.</p>
              {CardPage.BackToSignIn(pathBase, service)}
        """);

    private Html Form(string pathBase) => Html.Of(
        $"""
        <p class="muted">We mail you a link with which you choose a new password.</p>
              <p id="{CardPage.ProblemId}" class="problem" role="alert">{Problem}</p>
              <form method="post" action="{pathBase}{Path}">
                <input type="hidden" name="{LoginReader.Service}" value="{service}">
                <label for="email">E-mail address</label>
                <input id="email" name="{EmailReader.Field}" type="email" autocomplete="email" maxlength="254" required autofocus{CardPage.FaultOf(Problem)}>
                <button class="main">Mail me a link</button>
              </form>
              {CardPage.BackToSignIn(pathBase, service)}
        """);
}

using AuthService.Api.Http.Browser;
using AuthService.Tokens;

namespace AuthService.Api.Pages;

/// <summary>
/// The page that the link of a mail opens. Opening it has no effect, because programs that check mail for dangerous links open every link. The script sends the
/// token when the button is pressed, or at once in the browser that requested the mail.
/// </summary>
internal sealed class MailLinkPage : IResult
{
    public static readonly MailLinkPage ConfirmAddress = new()
    {
        Title = "Confirm your address",
        Words = "Use this e-mail address for your account from now on.",
        Button = "Confirm the address",
        Done = "The address is confirmed.",
        Over = "If the link was used, the address is confirmed already: your account shows it.",
        Api = PublicNames.AccountPath + "/email/confirm",
        RequestKey = "email-asked",
    };

    public static readonly MailLinkPage NotMe = new()
    {
        Title = "It wasn't me",
        Words = "This signs you out everywhere, takes back what the mail told you of and what was added since, and makes your password and your recovery "
            + "codes void, because somebody else may know them. You then choose a new password by mail.",
        Button = "Sign me out everywhere",
        Done = "You are signed out everywhere, and your password is void.",
        Over = "If the link was used, your password is void already: choose a new one by mail.",
        Api = PublicNames.AccountPath + "/not-me",
        Next = ForgottenPasswordPage.Path,
        NextWords = "Choose a new password",
    };

    private MailLinkPage()
    {
    }

    public required string Title { get; init; }

    public required string Words { get; init; }

    public required string Button { get; init; }

    public required string Done { get; init; }

    /// <summary>What the page says when the service refuses the link.</summary>
    public required string Over { get; init; }

    /// <summary>What takes the token.</summary>
    public required string Api { get; init; }

    /// <summary>The key under which the browser that requested the mail remembers that; null when a person has to press the button.</summary>
    public string? RequestKey { get; init; }

    public string Next { get; init; } = PublicNames.AccountPath;

    public string NextWords { get; init; } = "Go to your account";

    public Task ExecuteAsync(HttpContext httpContext) => CardPage.WriteAsync(httpContext, Title, problem: null, Content, "link.js");

    private Html Content(string pathBase) => Html.Of(
        $"""
        <p class="muted" id="words">{Words}</p>
              <p id="{CardPage.ProblemId}" class="problem" role="alert"></p>
              <p id="over" class="muted" hidden>{Over}</p>
              <p class="notice plain" role="status" tabindex="-1"></p>
              <form data-api="{Api}" data-done="{Done}" data-asked="{RequestKey}"><button class="main">{Button}</button></form>
              {CardPage.OnlyWithScript}
              <p class="muted hint" id="next" hidden><a href="{pathBase}{Next}">{NextWords}</a></p>
        """);
}

using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Errors;
using AuthService.Api.Http.Input;
using AuthService.Mail;
using AuthService.Sessions;
using AuthService.SignIn;
using AuthService.SignIn.IdentityProviders;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Pages;

/// <summary>
/// The page at <c>/login?service=NAME</c>, also after a refusal, which it then explains. Without a name it is for the
/// first login service of the mode Web.
/// </summary>
internal sealed class SignInPage(string? service, SignInSites sites) : IResult
{
    public const string Path = "/login";

    public static string PathFor(string? service) => $"{Path}?{LoginReader.Service}={Uri.EscapeDataString(service ?? "")}";

    private readonly string _name = string.IsNullOrEmpty(service) ? sites.FirstWebName ?? "" : service;

    private string? Problem { get; set; }

    private bool SendsMail { get; set; }

    private IdentityProviderOptions Providers { get; set; } = [];

    /// <summary>A message about what was just done, which is not an error.</summary>
    public string? Notice { get; init; }

    public string? Username { get; init; }

    /// <summary>Whether the box for a public computer is checked.</summary>
    public bool PublicComputer { get; init; }

    /// <summary>Only people of a Web service sign in on a page; an application has a sign-in of its own.</summary>
    private LoginService? Service => sites.Find(_name, PublicComputer) is { Service: { Mode: SessionMode.Web } found } ? found : null;

    /// <summary>Writes the page for every refusal of its form, from a handler or from middleware. The status is already set.</summary>
    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        var form = await PageErrors.FindFormAsync(context, error);
        var service = form?[LoginReader.Service].ToString() is { Length: > 0 } named ? named : context.Request.Query[LoginReader.Service].ToString();
        var page = new SignInPage(service, context.RequestServices.GetRequiredService<SignInSites>())
        {
            Username = form?[LoginReader.Username].ToString(),
            PublicComputer = form?.IsOn(LoginReader.PublicComputer) ?? false,
        };
        page.Problem = page.Service is null && error.Status is StatusCodes.Status400BadRequest
            ? PageErrors.UnknownService
            : PageErrors.InWords(error);
        await page.WriteAsync(context);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Service is null && Notice is null)
        {
            Problem = PageErrors.UnknownService;
            httpContext.Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        return WriteAsync(httpContext);
    }

    private Task WriteAsync(HttpContext context)
    {
        Providers = context.RequestServices.GetRequiredService<IOptionsMonitor<IdentityProviderOptions>>().CurrentValue;
        SendsMail = context.RequestServices.GetRequiredService<MailAvailability>().IsConfigured;
        return CardPage.WriteAsync(context, "Sign in", Problem, pathBase => Service is { } known
        ? FormFor(known, pathBase)
        : Notice is null ? Html.Of($"""<p id="{CardPage.ProblemId}" class="problem">{Problem}</p>""")
        : Html.Of($"""<p class="notice plain" role="status">{Notice}</p>"""));
    }

    private Html FormFor(LoginService known, string pathBase) => Html.Of(
        $"""
        <p class="muted">to continue to {new Uri(known.Endpoint).Authority}</p>
              <p class="notice plain" role="status">{Notice}</p>
              <p id="{CardPage.ProblemId}" class="problem" role="alert">{Problem}</p>
              <form method="post" action="{pathBase}{Path}?service={Uri.EscapeDataString(_name)}" data-endpoint="{known.Endpoint}">
                <input type="hidden" name="service" value="{_name}">
                <label for="username">User name</label>
                <input id="username" name="username" value="{Username}" autocomplete="username webauthn" autocapitalize="none" autocorrect="off"
                  spellcheck="false" maxlength="250" required{Focus(isHere: string.IsNullOrEmpty(Username))}>
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password"
                  maxlength="{CardPage.LongestPassword}" required{Focus(isHere: !string.IsNullOrEmpty(Username))}>
                <label class="choice"><input type="checkbox" name="{LoginReader.PublicComputer}" value="true" aria-describedby="shared"{Checked}>
                  This is a public computer</label>
                <p id="shared" class="muted hint">The sign-in then ends with the browser, or soon after the last use.</p>
                <button class="main">Sign in</button>
                <button id="passkey" type="button" hidden>Use a passkey</button>
              </form>
              {Forgotten(pathBase)}
              {Elsewhere(pathBase)}
        """);

    /// <summary>
    /// Creates links, not forms, to identity providers: for a form, the content security policy of the page would apply to all redirects that follow.
    /// </summary>
    private Html? Elsewhere(string pathBase) => Providers is [] ? null : Html.Of(
        $"""
        <nav class="providers" aria-label="Other ways to sign in">
        {Providers.Aggregate(Html.Of($""), (links, provider) => Html.Of($"{links}{LinkTo(provider, pathBase)}"))}      </nav>
        """);

    private Html LinkTo(IdentityProvider provider, string pathBase) => Html.Of(
        $"""
                <a class="button" href="{pathBase}{AddressOf(provider)}">Sign in with {provider.Title}</a>

        """);

    private Html? Checked => PublicComputer ? Html.Of($" checked") : null;

    private string AddressOf(IdentityProvider provider) =>
        ProviderStart.AddressOf(Providers.IdOf(provider), _name, onPages: true, PublicComputer);

    /// <summary>Creates the link for a forgotten password, if this deployment sends mail.</summary>
    private Html? Forgotten(string pathBase) => SendsMail
        ? Html.Of(
            $"""
            <p class="muted hint"><a href="{pathBase}{ForgottenPasswordPage.Path}?service={Uri.EscapeDataString(_name)}">Forgotten your password?</a></p>
            """)
        : null;

    /// <summary>Returns the attributes of the field to type in next, and marks it as faulty if there is a message.</summary>
    private Html? Focus(bool isHere) => isHere ? Html.Of($" autofocus{CardPage.FaultOf(Problem)}") : null;
}

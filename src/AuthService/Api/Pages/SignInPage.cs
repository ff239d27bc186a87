using System.Net;
using AuthService.Api.Http;
using AuthService.Sessions;
using AuthService.SignIn;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Pages;

/// <summary>
/// The page at <c>/login?service=NAME</c>, as it is opened and as it comes back with what was wrong. Without a name it is
/// for the first login service of the mode Web.
/// </summary>
internal sealed class SignInPage(string? service, LoginServiceOptions services) : IResult
{
    public const string Path = "/login";

    private readonly string _name = string.IsNullOrEmpty(service) ? FirstOf(services) ?? "" : service;

    private string? Problem { get; set; }

    private string? Username { get; init; }

    /// <summary>Only people of a Web service sign in on a page; an application has a sign-in of its own.</summary>
    private LoginService? Service => services.TryGetValue(_name, out var found) && found.Mode is SessionMode.Web ? found : null;

    /// <summary>For every refusal of what the page sent, whoever found it; the status is set.</summary>
    public static Task WriteAsync(HttpContext context, ApiError error)
    {
        var form = context.Features.Get<IFormFeature>()?.Form; // null where it was refused unread
        var service = form?["service"].ToString() is { Length: > 0 } named ? named : context.Request.Query["service"].ToString();
        var services = context.RequestServices.GetRequiredService<IOptionsMonitor<LoginServiceOptions>>().CurrentValue;
        var page = new SignInPage(service, services) { Username = form?["username"].ToString() };
        page.Problem = page.Service is null && error.Status is StatusCodes.Status400BadRequest
            ? PageErrors.UnknownService
            : PageErrors.InWords(error, page.Username);
        return page.WriteAsync(context.Response);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Service is null)
        {
            Problem = PageErrors.UnknownService;
            httpContext.Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        return WriteAsync(httpContext.Response);
    }

    private Task WriteAsync(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = FixedPage.Policy;
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(Html());
    }

    private static string? FirstOf(LoginServiceOptions services) =>
        services.Where(entry => entry.Value.Mode is SessionMode.Web).Select(entry => entry.Key).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The referrer is for this site alone: where it is withheld from everybody, a browser says of a form that it comes from nowhere.</summary>
    private string Html() =>
        $"""
        <!DOCTYPE html>
        <html lang="en">
          <head>
            <meta charset="utf-8">
            <title>{(Problem is null ? "" : "Error: ")}Sign in</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="same-origin">
            <link rel="icon" href="{PageFiles.Folder}/icon.svg">
            <link rel="stylesheet" href="{PageFiles.Folder}/style.css">
            <script type="module" src="{PageFiles.Folder}/login.js"></script>
          </head>
          <body class="narrow">
            <main class="card">
              <img src="{PageFiles.Folder}/icon.svg" alt="" width="40" height="40">
              <h1>Sign in</h1>
              {(Service is { } known ? FormFor(known) : $"""<p id="problem" class="problem">{Encode(Problem)}</p>""")}
            </main>
          </body>
        </html>
        """;

    private string FormFor(LoginService known) =>
        $"""
        <p class="muted">to continue to {Encode(new Uri(known.Endpoint).Authority)}</p>
              <p id="problem" class="problem" role="alert">{Encode(Problem)}</p>
              <form method="post" action="{Path}?service={Encode(Uri.EscapeDataString(_name))}">
                <input type="hidden" name="service" value="{Encode(_name)}">
                <label for="username">User name</label>
                <input id="username" name="username" value="{Encode(Username)}" autocomplete="username" autocapitalize="none" autocorrect="off"
                  spellcheck="false" maxlength="250" required{Attributes(isHere: string.IsNullOrEmpty(Username))}>
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password"
                  maxlength="256" required{Attributes(isHere: !string.IsNullOrEmpty(Username))}>
                <label class="choice"><input type="checkbox" name="publicComputer" value="true" aria-describedby="shared">
                  This is a public computer</label>
                <p id="shared" class="muted hint">The sign-in then ends with the browser, or soon after the last use.</p>
                <button class="main">Sign in</button>
              </form>
        """;

    /// <summary>Where to type next, and whether it is what the message is about.</summary>
    private string Attributes(bool isHere) => (isHere, Problem) switch
    {
        (true, null) => " autofocus",
        (true, _) => " autofocus aria-invalid=\"true\" aria-describedby=\"problem\"",
        _ => "",
    };

    private static string Encode(string? text) => WebUtility.HtmlEncode(text ?? "");
}

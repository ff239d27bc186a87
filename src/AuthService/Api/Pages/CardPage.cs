using System.Globalization;
using AuthService.Api.Http.Browser;
using AuthService.Principals.Passwords;

namespace AuthService.Api.Pages;

/// <summary>Writes the pages that have one form and work without a script.</summary>
internal static class CardPage
{
    /// <summary>The id of the element that shows the problem, used by scripts and fields.</summary>
    public const string ProblemId = "problem";

    /// <summary>
    /// The <c>maxlength</c> of a password field. Browsers count UTF-16 units, so an emoji counts as two. A longer password is refused with a message, not cut.
    /// </summary>
    public static readonly string LongestPassword = Password.MostUnits.ToString(CultureInfo.InvariantCulture);

    /// <param name="context">The context of the call.</param>
    /// <param name="title">The title, which is also the heading.</param>
    /// <param name="problem">A message about what was wrong; null when nothing was.</param>
    /// <param name="content">Creates the content. It gets the path before every address of this service.</param>
    /// <param name="script">The file name of the page's script.</param>
    public static Task WriteAsync(HttpContext context, string title, string? problem, Func<string, Html> content, string script = "login.js")
    {
        var (response, pathBase) = (context.Response, context.Request.PathBase.ToUriComponent());
        response.Headers.ContentSecurityPolicy = FixedPage.Policy;
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(Page(title, problem, content(pathBase), pathBase, script).ToString());
    }

    /// <summary>
    /// The message for browsers without JavaScript. The script is needed because the token of a mail's link is in the fragment, which a form does not send.
    /// </summary>
    public static Html OnlyWithScript => Html.Of($"""<noscript><p class="problem">This needs JavaScript.</p></noscript>""");

    /// <summary>A hidden field that passes on the choice of a public computer from the sign-in page.</summary>
    public static Html OfPublicComputer => Html.Of($"<input type=\"hidden\" name=\"{LoginReader.PublicComputer}\" value=\"true\">");

    public static Html BackToSignIn(string pathBase, string? service) => Html.Of(
        $"""<p class="muted hint"><a href="{pathBase}{SignInPage.PathFor(service)}">Back to the sign-in</a></p>""");

    /// <summary>Returns the attributes for the field that the message is about.</summary>
    public static Html? FaultOf(string? problem) => problem is null ? null : Html.Of($" aria-invalid=\"true\" aria-describedby=\"{ProblemId}\"");

    /// <summary>
    /// Creates the page. Its referrer policy includes this site, because without any referrer a browser sends the origin of a form as "null".
    /// </summary>
    private static Html Page(string title, string? problem, Html content, string pathBase, string script) => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
          <head>
            <meta charset="utf-8">
            <title>{(problem is null ? "" : "Error: ")}{title}</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="same-origin">
            <link rel="icon" href="{pathBase}{PageFiles.Folder}/icon.svg">
            <link rel="stylesheet" href="{pathBase}{PageFiles.Folder}/style.css">
            <script type="module" src="{pathBase}{PageFiles.Folder}/{script}"></script>
          </head>
          <body class="narrow">
            <main class="card">
              <img src="{pathBase}{PageFiles.Folder}/icon.svg" alt="" width="40" height="40">
              <h1>{title}</h1>
              {content}
            </main>
          </body>
        </html>
        """);
}

using System.Globalization;
using AuthService.Api.Http.Browser;
using AuthService.Principals;

namespace AuthService.Api.Pages;

/// <summary>The frame of the pages with one form that work without a script.</summary>
internal static class CardPage
{
    /// <summary>What the scripts and the fields call the line that says what was wrong.</summary>
    public const string ProblemId = "problem";

    /// <summary>Browsers count UTF-16 units, so that an emoji is two; what is too long is refused in words and not cut.</summary>
    public static readonly string LongestPassword = Password.MostUnits.ToString(CultureInfo.InvariantCulture);

    /// <param name="context">Of the call.</param>
    /// <param name="title">Its heading as well.</param>
    /// <param name="problem">What was wrong.</param>
    /// <param name="content">Gets the path that stands before every address of this service.</param>
    /// <param name="script">Its file.</param>
    public static Task WriteAsync(HttpContext context, string title, string? problem, Func<string, Html> content, string script = "login.js")
    {
        var (response, pathBase) = (context.Response, context.Request.PathBase.ToUriComponent());
        response.Headers.ContentSecurityPolicy = FixedPage.Policy;
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(Page(title, problem, content(pathBase), pathBase, script).ToString());
    }

    /// <summary>The token of a mail's link stands in the fragment, which no form sends.</summary>
    public static Html OnlyWithScript => Html.Of($"""<noscript><p class="problem">This needs JavaScript.</p></noscript>""");

    /// <summary>What was chosen on the sign-in page goes on with the form.</summary>
    public static Html OfPublicComputer => Html.Of($"<input type=\"hidden\" name=\"{LoginReader.PublicComputer}\" value=\"true\">");

    public static Html BackToSignIn(string pathBase, string? service) => Html.Of(
        $"""<p class="muted hint"><a href="{pathBase}{SignInPage.Path}?service={Uri.EscapeDataString(service ?? "")}">Back to the sign-in</a></p>""");

    /// <summary>Of the field that the message is about.</summary>
    public static Html? FaultOf(string? problem) => problem is null ? null : Html.Of($" aria-invalid=\"true\" aria-describedby=\"{ProblemId}\"");

    /// <summary>The referrer is for this site alone: where it is withheld from everybody, a browser says of a form that it comes from nowhere.</summary>
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

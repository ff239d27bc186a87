namespace AuthService.Api.Http.Browser;

/// <summary>Sends a browser on by a page: cookies that are set with a redirect status, or asked for after one, are dropped by some.</summary>
internal static class ForwardPage
{
    /// <param name="address">Where to.</param>
    /// <param name="title">What the browser shows meanwhile.</param>
    /// <param name="words">Before the link, for who has to press it.</param>
    public static Html To(string address, string title, string? words = null) => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
          <head><meta charset="utf-8"><title>{title}</title><meta http-equiv="refresh" content="0;url={address}"></head>
          <body><p>{words}<a href="{address}">Continue</a></p></body>
        </html>
        """);
}

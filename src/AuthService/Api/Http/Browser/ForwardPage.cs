namespace AuthService.Api.Http.Browser;

/// <summary>
/// Sends a browser to another address by a page. A redirect status is not used: some browsers drop cookies that are set with one, or needed after one.
/// </summary>
internal static class ForwardPage
{
    /// <param name="address">The address to go to.</param>
    /// <param name="title">The title of the page.</param>
    /// <param name="words">Before the link, for who has to press it.</param>
    /// <param name="head">More for the head of the page.</param>
    public static Html To(string address, string title, string? words = null, Html? head = null) => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
          <head><meta charset="utf-8"><title>{title}</title><meta http-equiv="refresh" content="0;url={address}">{head}</head>
          <body><p>{words}<a href="{address}">Continue</a></p></body>
        </html>
        """);
}

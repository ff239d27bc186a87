using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>The cookie that holds the refresh token of a browser. Nothing else reads or writes it.</summary>
internal sealed class RefreshCookie(HostCookies cookies)
{
    /// <returns>The text of the cookie, whatever it is; null when there is none.</returns>
    public string? Find(HttpRequest request) => cookies.Find(request, PublicNames.RefreshCookie);

    /// <summary>On a public computer it ends with the browser, otherwise with the session.</summary>
    public void Set(HttpContext context, StartedSession started) => cookies.Set(
        context, PublicNames.RefreshCookie, started.RefreshToken.Reveal(), expires: started.Session.PublicComputer ? null : started.Session.ExpireAt);

    public void Clear(HttpContext context) => cookies.Clear(context, PublicNames.RefreshCookie);

    /// <summary>For calls that are made with an access token and may carry the cookie of the session that they have revoked.</summary>
    public void ClearIfSent(HttpContext context)
    {
        if (Find(context.Request) is not null)
            Clear(context);
    }
}

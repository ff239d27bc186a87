using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.Api.Http.Browser;

/// <summary>The cookie that holds the refresh token of a browser. No other class reads or writes it.</summary>
internal sealed class RefreshCookie(HostCookies cookies)
{
    /// <returns>The text of the cookie, which is not checked; null when there is none.</returns>
    public string? Find(HttpRequest request) => cookies.Find(request, PublicNames.RefreshCookie);

    /// <summary>Sets the cookie. On a public computer it is deleted when the browser is closed, otherwise when the session expires.</summary>
    public void Set(HttpContext context, StartedSession started) => cookies.Set(
        context, PublicNames.RefreshCookie, started.RefreshToken.Reveal(), expires: started.Session.PublicComputer ? null : started.Session.ExpireAt);

    public void Clear(HttpContext context) => cookies.Clear(context, PublicNames.RefreshCookie);

    /// <summary>Clears the cookie if the request has one: a call with an access token may also carry the cookie of the session that it has revoked.</summary>
    public void ClearIfSent(HttpContext context)
    {
        if (Find(context.Request) is not null)
            Clear(context);
    }
}

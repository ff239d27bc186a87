using AuthService.Api.Http.Browser;
using Microsoft.AspNetCore.Http.Extensions;

namespace AuthService.Api.Pages;

/// <summary>
/// The page to which a provider sends the browser first. Browsers send no SameSite=Strict cookies with a request that comes from another site. This page
/// therefore leads to its own address again, so that the second request comes from this site.
/// </summary>
internal sealed class ComeBackPage : IResult
{
    private const string Parameter = "back";

    public static bool IsBack(HttpRequest request) => request.Query.ContainsKey(Parameter);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var address = UriHelper.BuildRelative(request.PathBase, request.Path, request.QueryString.Add(Parameter, "1"));
        response.Headers.CacheControl = "no-store";
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(ForwardPage.To(address, "Signing in").ToString());
    }
}

using AuthService.Api.Http.Browser;
using Microsoft.AspNetCore.Http.Extensions;

namespace AuthService.Api.Pages;

/// <summary>
/// Where a provider sends a browser first. Browsers send cookies that are SameSite=Strict to nobody who comes from another site; this page comes back
/// to its own address, from this one.
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

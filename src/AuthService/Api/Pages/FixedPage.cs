using System.Text;
using AuthService.SignIn;

namespace AuthService.Api.Pages;

/// <summary>A page that is the same for everybody. Its script requests the data of a person. Browsers cache the page and revalidate it.</summary>
internal sealed class FixedPage(string name) : IResult
{
    /// <summary>The content security policy: own files and calls to this service, no inline code, nothing from other sites.</summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var service = httpContext.RequestServices.GetRequiredService<SignInSites>().AccountName;
        var signIn = service is null ? SignInPage.Path : SignInPage.PathFor(service);
        var page = Encoding.UTF8.GetBytes(PageFiles.PageText(name, httpContext.Request.PathBase, signIn));
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-cache";
        return PageFiles.Send(page, "text/html; charset=utf-8", httpContext);
    }
}

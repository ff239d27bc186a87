namespace AuthService.Api.Pages;

/// <summary>
/// Redirects a browser to an identity provider. The framework's own redirect is not used, because it logs the address, which contains state and nonce.
/// </summary>
internal sealed class ProviderRedirect(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Redirect(address);
        return Task.CompletedTask;
    }
}

namespace AuthService.Api.Pages;

/// <summary>Sends a browser to an identity provider. The framework's own redirect writes the address to the log, and state and nonce stand in it.</summary>
internal sealed class ProviderRedirect(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Redirect(address);
        return Task.CompletedTask;
    }
}

using Microsoft.AspNetCore.Http.Features;

namespace AuthService.Api.Http;

/// <summary>What a request has used of the service.</summary>
internal static class RequestServices
{
    /// <summary>
    /// For a request that waits: gives back what it has used so far, the database's context above all. What it uses afterwards is made anew.
    /// </summary>
    public static async Task GiveBackServicesAsync(this HttpContext context)
    {
        if (context.Features.Get<IServiceProvidersFeature>() is not RequestServicesFeature used)
            return;
        var scopes = context.RequestServices.GetRequiredService<IServiceScopeFactory>();
        await used.DisposeAsync();
        context.Features.Set<IServiceProvidersFeature>(new RequestServicesFeature(context, scopes));
    }
}

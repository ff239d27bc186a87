using Microsoft.AspNetCore.Http.Features;

namespace AuthService.Api.Http;

/// <summary>Manages the scoped services of a request.</summary>
internal static class RequestServices
{
    /// <summary>
    /// Disposes the scoped services of a request that is going to wait, above all its database context. Services that it uses afterwards are created again.
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

using System.Diagnostics;
using AuthService.Configuration;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Accepts forwarding headers and trace context only from the configured proxies. The host is never taken from a header.</summary>
internal static class ReverseProxy
{
    public static IServiceCollection AddReverseProxy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ReverseProxyOptions, ReverseProxyOptionsValidator>(configuration.GetSection(ReverseProxyOptions.Section));
        services.AddHttpContextAccessor();
        services.AddSingleton<DistributedContextPropagator, CallerTrace>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ReverseProxyOptions>>((forwarded, proxies) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.ForwardLimit = null; // no limit: the hops are followed while they are known proxies, and the first unknown one is the caller
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in proxies.Value.KnownProxies)
                forwarded.KnownProxies.Add(ReverseProxyOptions.ParseAddress(proxy)!);
            foreach (var network in proxies.Value.KnownNetworks)
                forwarded.KnownIPNetworks.Add(NetworkText.Parse(network)!.Value);
        });
        return services;
    }

    /// <summary>Reads no forwarding header when no proxy is configured, because with empty lists the framework would trust everyone.</summary>
    public static IApplicationBuilder UseReverseProxy(this IApplicationBuilder app)
    {
        app.Use(CallerTrace.LinkAsync);
        var options = app.ApplicationServices.GetRequiredService<IOptions<ReverseProxyOptions>>().Value;
        if (options.LocationHeader is { Length: > 0 } header)
            app.Use((context, next) => DropUnlessKnown(context, header, options, next));
        return options.KnownProxies.Count + options.KnownNetworks.Count > 0 ? app.UseForwardedHeaders() : app;
    }

    private static Task DropUnlessKnown(HttpContext context, string header, ReverseProxyOptions options, RequestDelegate next)
    {
        if (!options.Knows(context.Connection.RemoteIpAddress))
            context.Request.Headers.Remove(header);
        return next(context);
    }
}

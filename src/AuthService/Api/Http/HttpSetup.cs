using AuthService.Api.Http.Browser;
using AuthService.Api.Http.Input;
using AuthService.Api.Http.Limits;
using AuthService.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

internal static class HttpSetup
{
    public static IServiceCollection AddApiHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.RequestHeaderEncodingSelector = _ => HeaderText.Encoding;
        });
        services.AddSettings<ConnectionOptions, ConnectionOptionsValidator>(configuration.GetSection(ConnectionOptions.Section));
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ServerLimits>().AddSingleton<IConfigureOptions<SocketTransportOptions>, ServerLimits>();
        services.AddSettings<OriginOptions, OriginOptionsValidator>(configuration.GetSection(OriginOptions.Section));
        services.AddSingleton<TrustedOrigins>();
        services.AddSingleton<HostCookies>();
        services.AddSingleton<RefreshCookie>();
        services.AddScoped<OwnPassword>();
        services.AddSingleton<DeviceCookie>();
        services.AddSingleton<ProviderCookie>();
        services.AddSingleton<SignInAnswer>();
        services.AddReverseProxy(configuration);
        services.AddRateLimits(configuration);
        services.AddCrossOrigin();
        return services;
    }
}

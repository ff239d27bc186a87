using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

internal static class HttpSetup
{
    private static readonly TimeSpan PreflightsMayBeCached = TimeSpan.FromMinutes(10);

    public static IServiceCollection AddApiHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Bytes;
        });
        services.AddOptions<OriginOptions>().Bind(configuration.GetSection(OriginOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OriginOptions>, OriginOptionsValidator>();
        services.AddSingleton<TrustedOrigins>();
        services.AddSingleton<RefreshCookie>();
        services.AddReverseProxy(configuration);
        services.AddRateLimits(configuration);
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<TrustedOrigins>((cors, origins) =>
            cors.AddDefaultPolicy(policy => policy.SetIsOriginAllowed(origins.IsTrusted).AllowCredentials().AllowAnyMethod()
                .WithHeaders("Authorization", "Content-Type", WebCredentials.CsrfHeader)
                .WithExposedHeaders("Retry-After").SetPreflightMaxAge(PreflightsMayBeCached)));
        return services;
    }
}

using AuthService.Configuration;
using AuthService.Storage;

namespace AuthService.Applications;

internal static class ApplicationsSetup
{
    public static IServiceCollection AddApplications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<AppPortalOptions, AppPortalOptionsValidator>(configuration.GetSection(AppPortalOptions.Section));
        services.AddSingleton<AppTokenQueries>();
        services.AddScoped<ApplicationStore>();
        services.AddScoped<ApplicationService>();
        services.AddScoped<AppTokenStore>();
        services.AddCleanUp<AppTokenRecord>(nameof(AppTokenRecord.ExpireAt), "app tokens");
        services.AddScoped<AppTokenService>();
        services.AddScoped<PortalAccessService>();
        return services;
    }
}

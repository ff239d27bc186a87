using AuthService.Configuration;

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
        services.AddScoped<AppTokenService>();
        services.AddScoped<PortalAccessService>();
        return services;
    }
}

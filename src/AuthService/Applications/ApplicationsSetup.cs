using Microsoft.Extensions.Options;

namespace AuthService.Applications;

internal static class ApplicationsSetup
{
    public static IServiceCollection AddApplications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AppPortalOptions>().Bind(configuration.GetSection(AppPortalOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AppPortalOptions>, AppPortalOptionsValidator>();
        services.AddSingleton<ApplicationQueries>();
        services.AddScoped<ApplicationStore>();
        services.AddScoped<ApplicationService>();
        services.AddScoped<AppTokenStore>();
        services.AddScoped<AppTokenService>();
        services.AddScoped<PortalAccessService>();
        services.AddSingleton<KeyGates>();
        services.AddScoped<KeptAnswerStore>();
        services.AddScoped<IdempotentCalls>();
        return services;
    }
}

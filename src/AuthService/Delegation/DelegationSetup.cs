using Microsoft.Extensions.Options;

namespace AuthService.Delegation;

internal static class DelegationSetup
{
    public static IServiceCollection AddDelegation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ExtensionOptions>().Bind(configuration.GetSection(ExtensionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExtensionOptions>, ExtensionOptionsValidator>();
        services.AddSingleton<DelegationMetrics>();
        services.AddSingleton<SharedClaims>();
        services.AddScoped<ClaimStore>();
        services.AddScoped<OneTimeTokenService>();
        services.AddScoped<ExtensionRecord>();
        services.AddScoped<ExtensionService>();
        services.AddScoped<ImpersonationService>();
        services.AddScoped<TokenInspection>();
        return services;
    }
}

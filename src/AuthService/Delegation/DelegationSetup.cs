using AuthService.Configuration;
using AuthService.Storage;

namespace AuthService.Delegation;

internal static class DelegationSetup
{
    public static IServiceCollection AddDelegation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<ExtensionOptions, ExtensionOptionsValidator>(configuration.GetSection(ExtensionOptions.Section));
        services.AddSingleton<DelegationMetrics>();
        services.AddSingleton<ClaimStatement>();
        services.AddScoped<ClaimedTokenStore>();
        services.AddCleanUp<ClaimedToken>(nameof(ClaimedToken.ForgetAt), "claims");
        services.AddScoped<OneTimeTokenReports>();
        services.AddScoped<OneTimeTokenService>();
        services.AddScoped<DerivedTokenIssuer>();
        services.AddScoped<ExtensionPolicy>();
        services.AddScoped<ExtensionService>();
        services.AddScoped<ImpersonationReports>();
        services.AddScoped<ImpersonationService>();
        services.AddScoped<TokenIntrospection>();
        return services;
    }
}

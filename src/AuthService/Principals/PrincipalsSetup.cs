using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Principals;

internal static class PrincipalsSetup
{
    public static IServiceCollection AddPrincipals(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<PasswordOptions, PasswordOptionsValidator>(configuration.GetSection(PasswordOptions.Section));
        services.AddSingleton<PasswordPolicy>();
        services.AddSingleton<HashingMetrics>();
        // The queue uses the system's clock: setting the application's clock does not change how long a hash takes.
        services.AddSingleton(provider => new HashingQueue(
            Environment.ProcessorCount, BcryptPasswords.EstimateFor(provider.GetRequiredService<IOptions<PasswordOptions>>().Value.BcryptCost),
            provider.GetRequiredService<HashingMetrics>(), TimeProvider.System));
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<RefreshTokenPrincipalLookUp>();
        services.AddScoped<PrincipalStore>();
        services.AddScoped<DeletedPeople>();
        services.AddSingleton<ApiKeyQueries>();
        services.AddScoped<ApiKeyStore>();
        services.AddScoped<ApiKeyService>();
        return services;
    }
}

using AuthService.Configuration;
using AuthService.Principals.ApiKeys;
using AuthService.Principals.Passwords;
using AuthService.Storage;
using Microsoft.Extensions.Options;

namespace AuthService.Principals;

internal static class PrincipalsSetup
{
    /// <summary>The interval of a clean-up that reads all principals and rarely finds a row.</summary>
    private static readonly TimeSpan BetweenDeletedPeople = TimeSpan.FromHours(1);

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
        services.AddCleanUpBy<DeletedPeople>("leftovers of deleted people", people => people.DeleteLeftoversAsync, BetweenDeletedPeople);
        services.AddSingleton<ApiKeyQueries>();
        services.AddScoped<ApiKeyStore>();
        services.AddCleanUpBy<ApiKeyStore>("API keys", keys => keys.DeleteExpiredAsync);
        services.AddScoped<ApiKeyService>();
        return services;
    }
}

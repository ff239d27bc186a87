namespace AuthService.Principals;

internal static class PrincipalsSetup
{
    public static IServiceCollection AddPrincipals(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PasswordOptions>().Bind(configuration.GetSection(PasswordOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<HashingMetrics>();
        services.AddSingleton<PasswordHashing>();
        services.AddScoped<PrincipalStore>();
        services.AddScoped<PrincipalService>();
        services.AddScoped<PrincipalImport>();
        services.AddSingleton<ApiKeyQueries>();
        services.AddScoped<ApiKeyStore>();
        services.AddScoped<ApiKeyService>();
        return services;
    }
}

using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

internal static class SessionsSetup
{
    public static IServiceCollection AddSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SessionOptions>().Bind(configuration.GetSection(SessionOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<SessionMetrics>();
        services.AddSingleton<SessionQueries>();
        services.AddSingleton<SessionLookUps>();
        services.AddSingleton<SharedChanges>();
        services.AddSingleton<SharedLists>();
        services.AddScoped<SessionStore>();
        services.AddScoped<SessionLists>();
        services.AddScoped<SessionEndings>();
        services.AddScoped<ProductAccessStore>();
        services.AddScoped<ProductAccessService>();
        services.AddScoped<StoredTokenStore>();
        services.AddScoped<SessionService>();
        services.AddScoped<RefreshService>();
        services.AddScoped<AccessTokenVerifier>();
        services.AddScoped<PrincipalChangeService>();
        services.AddScoped<RevokedTokenStore>();
        services.AddScoped<TokenRevocation>();
        return services;
    }
}

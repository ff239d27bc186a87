using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

internal static class TokensSetup
{
    public static IServiceCollection AddTokens(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<JwtOptions>().Bind(configuration.GetSection(JwtOptions.Section)).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<JwtOptions>, DevelopmentSigningKey>();
        services.AddSingleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>();
        services.AddSingleton<SigningKeyRing>();
        services.AddSingleton<AccessTokenWriter>();
        services.AddSingleton<AccessTokenReader>();
        return services;
    }
}

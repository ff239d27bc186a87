using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Tokens;

internal static class TokensSetup
{
    public static IServiceCollection AddTokens(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<JwtOptions, JwtOptionsValidator>(configuration.GetSection(JwtOptions.Section));
        services.AddSingleton<IChangeRule<JwtOptions>, SigningKeyChange>();
        services.AddSettings<PublicAddressOptions, PublicAddressSetup>(configuration);
        services.AddSingleton<IPostConfigureOptions<PublicAddressOptions>, PublicAddressSetup>();
        services.AddSettings<EncryptionOptions, EncryptionOptionsValidator>(configuration.GetSection(EncryptionOptions.Section));
        services.AddSingleton<IChangeRule<EncryptionOptions>, EncryptionKeyChange>();
        services.AddSingleton<IPostConfigureOptions<JwtOptions>, DevelopmentKeys>();
        services.AddSingleton<IPostConfigureOptions<EncryptionOptions>, DevelopmentKeys>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<SigningKeyRing>();
        services.AddHostedService<SigningKeyMetrics>();
        services.AddSingleton<AccessTokenWriter>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<SecurityEventTokenWriter>();
        services.AddSingleton<RevocationReceiptWriter>();
        return services;
    }
}

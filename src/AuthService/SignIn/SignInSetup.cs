using Microsoft.Extensions.Options;

namespace AuthService.SignIn;

internal static class SignInSetup
{
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LoginServiceOptions>().Bind(configuration.GetSection(LoginServiceOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LoginServiceOptions>, LoginServiceOptionsValidator>();
        services.AddSingleton<SignInMetrics>();
        services.AddScoped<LockoutStore>();
        services.AddScoped<Lockout>();
        services.AddScoped<SignInService>();
        services.AddScoped<CredentialService>();
        services.AddScoped<PasswordChangeService>();
        return services;
    }
}

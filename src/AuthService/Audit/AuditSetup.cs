using Microsoft.Extensions.Options;

namespace AuthService.Audit;

internal static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuditOptions>().Bind(configuration.GetSection(AuditOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>();
        services.AddScoped<AuditStore>();
        return services.AddScoped<AuditLog>();
    }
}

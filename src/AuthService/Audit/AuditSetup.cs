using AuthService.Configuration;

namespace AuthService.Audit;

internal static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<AuditOptions, AuditOptionsValidator>(configuration.GetSection(AuditOptions.Section));
        services.AddScoped<AuditStore>();
        services.AddSingleton<AuditStatement>();
        services.AddScoped<EventReader>();
        return services.AddScoped<AuditLog>();
    }
}

using AuthService.Configuration;
using AuthService.Storage;

namespace AuthService.Audit;

internal static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<AuditOptions, AuditOptionsValidator>(configuration.GetSection(AuditOptions.Section));
        services.AddScoped<AuditStore>();
        services.AddCleanUpBy<AuditStore>("audit events", audit => async (now, limit, cancellation) =>
            await audit.MayDeleteAsync() ? await audit.DeleteForgottenAsync(now, limit, cancellation) : 0);
        services.AddSingleton<AuditStatement>();
        services.AddScoped<EventReader>();
        return services.AddScoped<AuditLog>();
    }
}

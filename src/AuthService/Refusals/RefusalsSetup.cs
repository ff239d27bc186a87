using AuthService.Storage;

namespace AuthService.Refusals;

internal static class RefusalsSetup
{
    public static IServiceCollection AddRefusals(this IServiceCollection services)
    {
        services.AddSingleton<RefusalBuffer>();
        services.AddSingleton<RefusalReports>();
        services.AddScoped<RefusalNotes>();
        services.AddScoped<RefusalStore>();
        return services.AddCleanUpBy<RefusalStore>("refused calls", refusals => refusals.DeleteForgottenAsync);
    }
}

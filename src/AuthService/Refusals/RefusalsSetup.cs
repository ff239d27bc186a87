namespace AuthService.Refusals;

internal static class RefusalsSetup
{
    public static IServiceCollection AddRefusals(this IServiceCollection services)
    {
        services.AddSingleton<RefusalBuffer>();
        services.AddSingleton<RefusalReports>();
        services.AddScoped<RefusalNotes>();
        return services.AddScoped<RefusalStore>();
    }
}

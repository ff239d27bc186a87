namespace AuthService.Notices;

internal static class NoticesSetup
{
    public static IServiceCollection AddNotices(this IServiceCollection services)
    {
        services.AddScoped<NoticeLinkStore>();
        services.AddScoped<NoticeSender>();
        return services;
    }
}

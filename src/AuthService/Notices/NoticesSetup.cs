using AuthService.Storage;

namespace AuthService.Notices;

internal static class NoticesSetup
{
    public static IServiceCollection AddNotices(this IServiceCollection services)
    {
        services.AddScoped<NoticeLinkStore>();
        services.AddCleanUp<NoticeLink>(nameof(NoticeLink.ExpireAt), "links of notices");
        services.AddScoped<NoticeSender>();
        return services;
    }
}

namespace AuthService.Hosting;

/// <summary>
/// ASP.NET Core's own lines about each request hold its query, and in that of a callback stands what an identity provider gave: they are not written,
/// whatever the settings say of other categories.
/// </summary>
internal static class RequestLogging
{
    private const string Category = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public static IServiceCollection LogNoQueries(this IServiceCollection services) => services.PostConfigure<LoggerFilterOptions>(options =>
    {
        string?[] providers = [.. options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct(StringComparer.Ordinal)];
        foreach (var provider in providers)
            options.Rules.Add(new LoggerFilterRule(provider, Category, LogLevel.Warning, filter: null));
    });
}

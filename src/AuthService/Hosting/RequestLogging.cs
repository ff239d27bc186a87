namespace AuthService.Hosting;

/// <summary>
/// Keeps ASP.NET Core's own lines about requests out of the log, whatever level the settings give to other categories. These lines contain the query,
/// which in a callback holds what an identity provider sent.
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

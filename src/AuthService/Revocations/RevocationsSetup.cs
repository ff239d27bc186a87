using AuthService.Storage;

namespace AuthService.Revocations;

internal static class RevocationsSetup
{
    public static IServiceCollection AddRevocations(this IServiceCollection services)
    {
        services.AddSingleton<RevocationSignal>();
        services.AddSingleton<RevocationLog>();
        services.AddSingleton<RevocationMetrics>();
        services.AddScoped<RevocationReader>();
        services.AddScoped<RevocationFeed>();
        services.AddScoped<RevocationReceipts>();
        return services.AddScoped<IdentityRevocationStore>();
    }
}

/// <summary>Somebody wants the feed.</summary>
internal sealed class RevocationSignal : WorkSignal;

using AuthService.Storage;

namespace AuthService.Revocations;

internal static class RevocationsSetup
{
    public static IServiceCollection AddRevocations(this IServiceCollection services)
    {
        services.AddSingleton<RevocationWakeUp>();
        services.AddSingleton<RevocationNews>();
        services.AddSingleton<RevocationLog>();
        services.AddSingleton<WaitingReaders>();
        services.AddSingleton<RevocationMetrics>();
        services.AddSingleton<RevocationFeed>();
        services.AddScoped<RevocationReader>();
        services.AddScoped<RevocationReceipts>();
        return services.AddCleanUp<IdentityRevocation>(nameof(IdentityRevocation.ForgetAt), "revoked identities");
    }
}

/// <summary>Signals that somebody reads the feed.</summary>
internal sealed class RevocationWakeUp : WakeUp;

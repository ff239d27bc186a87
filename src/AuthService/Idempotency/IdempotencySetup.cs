using AuthService.Storage;

namespace AuthService.Idempotency;

internal static class IdempotencySetup
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
    {
        services.AddSingleton<KeptAnswerQueries>();
        services.AddSingleton<IdempotencyLocks>();
        services.AddScoped<KeptAnswerStore>();
        services.AddCleanUp<KeptAnswer>(nameof(KeptAnswer.ForgetAt), "kept answers");
        services.AddScoped<IdempotentCalls>();
        return services;
    }
}

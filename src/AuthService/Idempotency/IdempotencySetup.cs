namespace AuthService.Idempotency;

internal static class IdempotencySetup
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
    {
        services.AddSingleton<KeptAnswerQueries>();
        services.AddSingleton<IdempotencyLocks>();
        services.AddScoped<KeptAnswerStore>();
        services.AddScoped<IdempotentCalls>();
        return services;
    }
}

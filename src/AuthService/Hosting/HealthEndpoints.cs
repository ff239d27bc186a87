using AuthService.Tokens;

namespace AuthService.Hosting;

/// <summary>Endpoints for load balancers and orchestrators. They are not part of any API surface.</summary>
internal static class HealthEndpoints
{
    public const string Prefix = "/health";

    public static IEndpointConventionBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup(Prefix).ExcludeFromDescription().DisableHttpMetrics();
        health.MapGet("/live", () => TypedResults.Text("live"));
        health.MapGet("/ready", ReadyAsync);
        return health;
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, StoreProbe store, SigningKeyRing keys, TimeProvider clock)
    {
        string[] faults =
        [
            .. readiness.IsReady ? Array.Empty<string>() : [readiness.IsPrepared ? "draining" : "the store has not been prepared"],
            .. keys.Current.FindActive(clock.GetUtcNow()) is null ? ["no signing key is active"] : Array.Empty<string>(),
            .. await store.IsReadyAsync() ? Array.Empty<string>() : ["the database cannot be reached or its schema is not current"],
        ];
        return faults.Length == 0
            ? TypedResults.Text("ready")
            : TypedResults.Text($"not ready: {string.Join("; ", faults)}", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}

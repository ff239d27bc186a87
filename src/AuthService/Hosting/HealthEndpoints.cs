using System.Data.Common;
using AuthService.Storage;
using AuthService.Tokens;

namespace AuthService.Hosting;

/// <summary>For load balancers and orchestrators; not part of any API surface.</summary>
internal static class HealthEndpoints
{
    public static readonly PathString Prefix = "/health";

    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup(Prefix).ExcludeFromDescription().DisableHttpMetrics();
        health.MapGet("/live", () => TypedResults.Text("live"));
        health.MapGet("/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(Readiness readiness, SchemaMigrator schema, SigningKeyRing keys, TimeProvider clock)
    {
        string[] faults =
        [
            .. readiness.IsReady ? Array.Empty<string>() : [readiness.IsPrepared ? "draining" : "the store has not been prepared"],
            .. keys.Current.FindActive(clock.GetUtcNow()) is null ? ["no signing key is active"] : Array.Empty<string>(),
            .. await IsReachableAsync(schema) ? Array.Empty<string>() : ["the database cannot be reached or its schema is not current"],
        ];
        return faults.Length == 0
            ? TypedResults.Text("ready")
            : TypedResults.Text($"not ready: {string.Join("; ", faults)}", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<bool> IsReachableAsync(SchemaMigrator schema)
    {
        using var timeout = new CancellationTokenSource(LongestProbe);
        try
        {
            // WaitAsync because a connection that is being opened to a silent server does not hear the token.
            return await schema.IsCurrentAsync(timeout.Token).WaitAsync(LongestProbe);
        }
        catch (Exception error) when (error is DbException or OperationCanceledException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }
}

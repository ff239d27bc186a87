namespace AuthService.Hosting;

/// <summary>Whether this instance may be sent requests: the store has been prepared and the instance is not on its way out.</summary>
internal sealed class Readiness
{
    private volatile bool _isPrepared;
    private volatile bool _isDraining;

    public bool IsPrepared => _isPrepared;

    public bool IsReady => _isPrepared && !_isDraining;

    public void MarkPrepared() => _isPrepared = true;

    public void MarkDraining() => _isDraining = true;
}

internal static class ReadinessGate
{
    /// <summary>Until the store has been prepared every call is answered 503, so that none meets half a schema.</summary>
    public static IApplicationBuilder UseReadinessGate(this IApplicationBuilder app)
    {
        var readiness = app.ApplicationServices.GetRequiredService<Readiness>();
        return app.Use((context, next) =>
        {
            if (readiness.IsPrepared || context.Request.Path.StartsWithSegments(HealthEndpoints.Prefix, StringComparison.OrdinalIgnoreCase))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
    }
}

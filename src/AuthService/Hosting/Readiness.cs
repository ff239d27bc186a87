namespace AuthService.Hosting;

/// <summary>Tells whether this instance can receive requests: the store is prepared, and the instance is not stopping.</summary>
internal sealed class Readiness
{
    private volatile bool _isPrepared;
    private volatile bool _isDraining;
    private volatile bool _isUp;

    /// <summary>Whether the host has started and listens.</summary>
    public bool IsUp => _isUp;

    public bool IsPrepared => _isPrepared;

    public bool IsReady => _isPrepared && !_isDraining;

    /// <summary>The reason why the service can never become ready. The service then stops.</summary>
    public string? Failure { get; private set; }

    public void MarkUp() => _isUp = true;

    public void MarkPrepared() => _isPrepared = true;

    public void MarkDraining() => _isDraining = true;

    public void MarkFailed(string failure)
    {
        Failure = failure;
        _isDraining = true;
    }
}

internal static class ReadinessMiddleware
{
    /// <summary>Answers every call with 503 until the store is prepared, so that no call meets an incomplete schema.</summary>
    public static IApplicationBuilder UseReadiness(this IApplicationBuilder app)
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

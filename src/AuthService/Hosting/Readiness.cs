namespace AuthService.Hosting;

/// <summary>Whether this instance may be sent requests: the store has been prepared and the instance is not on its way out.</summary>
internal sealed class Readiness
{
    private volatile bool _isPrepared;
    private volatile bool _isDraining;
    private volatile bool _isUp;

    /// <summary>Whether the host has started: it listens.</summary>
    public bool IsUp => _isUp;

    public bool IsPrepared => _isPrepared;

    public bool IsReady => _isPrepared && !_isDraining;

    /// <summary>Why the service can never become ready; it stops then.</summary>
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
    /// <summary>Until the store has been prepared every call is answered 503, so that none meets half a schema.</summary>
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

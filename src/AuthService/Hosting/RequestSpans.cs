using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace AuthService.Hosting;

/// <summary>
/// Gives each request's span the name, route and status that OpenTelemetry's conventions ask for and the framework leaves
/// out, and takes out the path, which may name a person. Probes are not worth a trace.
/// </summary>
internal sealed class RequestSpans : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        span?.SetTag("url.path", null);
        if (span is not null && context.Request.Path.StartsWithSegments(HealthEndpoints.Prefix, StringComparison.OrdinalIgnoreCase))
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        await next(context);
        if (span is { Recorded: true })
            Describe(span, context);
    }

    private static void Describe(Activity span, HttpContext context)
    {
        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
        if ((context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) is not RouteEndpoint { RoutePattern.RawText: { } route })
            return;
        span.SetTag("http.route", route);
        span.DisplayName = $"{context.Request.Method} {route}";
    }
}

using AuthService.Storage;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AuthService.Hosting;

/// <summary>Sends the traces and metrics of the framework, the database driver and this service over OTLP.</summary>
internal static class Telemetry
{
    private const string ServiceName = "AuthService";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var options = TelemetryOptions.Read(builder.Configuration);
        builder.Services.AddOptions<TelemetryOptions>()
            .Configure(other => (other.Shared, other.Traces, other.Metrics) = (options.Shared, options.Traces, options.Metrics)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>();
        if (options.Traces.Endpoint is null && options.Metrics.Endpoint is null)
            return; // without a listener an instrument costs a few nanoseconds
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(Configure);
        // This propagator leaves the parent of a request to the framework, which calls CallerTrace. The SDK's default propagator reads the headers
        // itself.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        if (options.Traces.Endpoint is not null)
        {
            telemetry.WithTracing(traces => traces
                .AddSource(BatchConnections.ActivitySourceName, "Npgsql").AddAspNetCoreInstrumentation(Configure).AddOtlpExporter(options.Traces.ApplyTo));
        }

        if (options.Metrics.Endpoint is not null)
        {
            telemetry.WithMetrics(metrics => metrics
                .AddMeter("AuthService.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime")
                .AddOtlpExporter(options.Metrics.ApplyTo));
        }
    }

    /// <summary>Sets the name of the service. OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override it.</summary>
    private static void Configure(ResourceBuilder resource) => resource.Clear().AddService(ServiceName).AddEnvironmentVariableDetector();

    /// <summary>Leaves path and query out of traces: the path may name a person, and the query may hold a token. Health probes are not traced.</summary>
    private static void Configure(AspNetCoreTraceInstrumentationOptions options)
    {
        options.Filter = context => !context.Request.Path.StartsWithSegments(HealthEndpoints.Prefix, StringComparison.OrdinalIgnoreCase);
        options.EnrichWithHttpRequest = (span, _) => span.SetTag("url.path", null).SetTag("url.query", null);
    }
}

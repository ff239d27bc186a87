using Microsoft.Extensions.Options;

namespace AuthService.Hosting;

/// <summary>
/// The destination of traces and metrics. The names are those of the OpenTelemetry specification, which has more settings for the exporter. A setting
/// for one signal (<c>OTEL_EXPORTER_OTLP_TRACES_ENDPOINT</c>) overrides the setting for all signals.
/// </summary>
internal sealed class TelemetryOptions
{
    /// <summary>The settings for all signals.</summary>
    public OtlpSignal Shared { get; set; } = OtlpSignal.None;

    public OtlpSignal Traces { get; set; } = OtlpSignal.None;

    public OtlpSignal Metrics { get; set; } = OtlpSignal.None;

    public static TelemetryOptions Read(IConfiguration settings) => new()
    {
        Shared = OtlpSignal.Read(settings, OtlpSignal.SharedPrefix),
        Traces = OtlpSignal.Read(settings, $"{OtlpSignal.SharedPrefix}TRACES_"),
        Metrics = OtlpSignal.Read(settings, $"{OtlpSignal.SharedPrefix}METRICS_"),
    };
}

internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        foreach (var fault in new[] { options.Shared, options.Traces, options.Metrics }.SelectMany(Faults).Distinct(StringComparer.Ordinal))
            faults.AddError(fault);
        return faults.Build();
    }

    private static IEnumerable<string> Faults(OtlpSignal signal)
    {
        if (signal.Endpoint is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https"))
        {
            var prefix = signal.Own.ContainsKey("ENDPOINT") ? signal.Prefix : OtlpSignal.SharedPrefix;
            yield return $"{prefix}ENDPOINT must be an http(s) address, it is \"{text}\"";
        }

        if (signal.Own.TryGetValue("PROTOCOL", out var protocol) && OtlpSignal.TryReadProtocol(protocol) is null)
            yield return $"{signal.Prefix}PROTOCOL must be grpc or http/protobuf, it is \"{protocol}\"";
        if (signal.Own.TryGetValue("HEADERS", out var headers) && !OtlpSignal.AreHeaders(headers))
            yield return $"{signal.Prefix}HEADERS must be pairs name=value joined by commas"; // they are secret
        if (signal.Own.TryGetValue("TIMEOUT", out var timeout) && OtlpSignal.TryReadTimeout(timeout) is null)
            yield return $"{signal.Prefix}TIMEOUT must be a number of milliseconds, it is \"{timeout}\"";
        if (signal.Own.TryGetValue("COMPRESSION", out var compression) && OtlpSignal.TryReadCompression(compression) is null)
            yield return $"{signal.Prefix}COMPRESSION must be gzip or none, it is \"{compression}\"";
    }
}

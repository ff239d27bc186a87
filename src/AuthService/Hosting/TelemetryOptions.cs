using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

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

/// <summary>
/// The exporter's settings for one signal or for all. The SDK by itself reads only those for all, and ignores values that it cannot read.
/// </summary>
/// <param name="Prefix">The beginning of the names of these settings.</param>
/// <param name="Endpoint">The address of the collector. Without one the signal is not collected.</param>
/// <param name="Own">The settings for this signal alone, by the end of their name.</param>
internal sealed partial record OtlpSignal(string Prefix, string? Endpoint, IReadOnlyDictionary<string, string> Own)
{
    public const string SharedPrefix = "OTEL_EXPORTER_OTLP_";

    public static readonly OtlpSignal None = new(SharedPrefix, Endpoint: null, new Dictionary<string, string>(StringComparer.Ordinal));

    private static readonly string[] Names = ["ENDPOINT", "PROTOCOL", "HEADERS", "TIMEOUT", "COMPRESSION"];

    public static OtlpSignal Read(IConfiguration settings, string prefix)
    {
        var own = Names.Where(name => !string.IsNullOrEmpty(settings[prefix + name]))
            .ToDictionary(name => name, name => settings[prefix + name]!, StringComparer.Ordinal);
        var shared = settings[SharedPrefix + "ENDPOINT"] is { Length: > 0 } text ? text : null;
        return new OtlpSignal(prefix, own.GetValueOrDefault("ENDPOINT") ?? shared, own);
    }

    /// <summary>
    /// Applies the settings of this signal to the exporter. Its own endpoint is used as it is. To the endpoint for all signals the SDK adds the
    /// signal's path.
    /// </summary>
    public void ApplyTo(OtlpExporterOptions options)
    {
        if (Own.TryGetValue("ENDPOINT", out var endpoint))
            options.Endpoint = new Uri(endpoint);
        if (Own.TryGetValue("PROTOCOL", out var protocol) && TryReadProtocol(protocol) is { } known)
            options.Protocol = known;
        if (Own.TryGetValue("HEADERS", out var headers))
            options.Headers = headers;
        if (Own.TryGetValue("TIMEOUT", out var timeout) && TryReadTimeout(timeout) is { } milliseconds)
            options.TimeoutMilliseconds = milliseconds;
        if (Own.TryGetValue("COMPRESSION", out var compression) && TryReadCompression(compression) is { } way)
            options.Compression = way;
    }

    public static OtlpExportProtocol? TryReadProtocol(string protocol) => protocol.Trim() switch
    {
        "grpc" => OtlpExportProtocol.Grpc,
        "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        _ => null,
    };

    public static OtlpExportCompression? TryReadCompression(string compression) => compression.Trim() switch
    {
        "gzip" => OtlpExportCompression.GZip,
        "none" => OtlpExportCompression.None,
        _ => null,
    };

    public static int? TryReadTimeout(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? milliseconds : null;

    /// <summary>
    /// Returns whether the SDK can read these headers and send them, each once. They are encoded as in a URL, and it decodes all of them before it splits them.
    /// </summary>
    public static bool AreHeaders(string text)
    {
        var pairs = Uri.UnescapeDataString(text.Trim()).Split(',', StringSplitOptions.TrimEntries);
        if (pairs is [.. var before, ""])
            pairs = before;
        return pairs.All(pair => Header().IsMatch(pair)) && pairs.DistinctBy(pair => pair.Split('=')[0].Trim(), StringComparer.Ordinal).Count() == pairs.Length;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_!#$%&'*+.^`|~-]+\s*=[^\x00-\x1f]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Header();
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

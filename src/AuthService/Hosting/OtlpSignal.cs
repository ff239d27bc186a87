using System.Globalization;
using System.Text.RegularExpressions;
using OpenTelemetry.Exporter;

namespace AuthService.Hosting;

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

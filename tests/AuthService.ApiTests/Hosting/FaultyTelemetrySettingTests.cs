using AuthService.ApiTests.CommandLine;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>The OpenTelemetry SDK ignores settings of its exporter that it cannot read, or fails with an exception. The service refuses to start.</summary>
public sealed class FaultyTelemetrySettingTests : IDisposable
{
    private readonly ServiceFolder _folder = new();

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_")]
    public async Task Each_faulty_setting_of_the_exporter_is_named(string prefix)
    {
        var faults = await FaultsAsync(new()
        {
            [$"{prefix}ENDPOINT"] = "collector:4318",
            [$"{prefix}PROTOCOL"] = "http/json",
            [$"{prefix}TIMEOUT"] = "10s",
            [$"{prefix}COMPRESSION"] = "zip",
        });

        Assert.Equal(
            [
                $"{prefix}COMPRESSION must be gzip or none, it is \"zip\"",
                $"{prefix}ENDPOINT must be an http(s) address, it is \"collector:4318\"",
                $"{prefix}PROTOCOL must be grpc or http/protobuf, it is \"http/json\"",
                $"{prefix}TIMEOUT must be a number of milliseconds, it is \"10s\"",
            ],
            faults);
    }

    [Theory]
    [InlineData("Bearer canary")]
    [InlineData("authorization=Bearer canary,,x=1")]
    [InlineData("a name=canary")]
    [InlineData("authorization=Bearer%0Acanary")]
    [InlineData("x=canary,x=2")]
    public async Task Faulty_headers_are_named_but_not_shown(string headers)
    {
        var faults = await FaultsAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_HEADERS"] = headers,
            ["OTEL_EXPORTER_OTLP_METRICS_HEADERS"] = headers,
            ["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = headers,
        });

        Assert.Equal(
            [
                "OTEL_EXPORTER_OTLP_HEADERS must be pairs name=value joined by commas",
                "OTEL_EXPORTER_OTLP_METRICS_HEADERS must be pairs name=value joined by commas",
                "OTEL_EXPORTER_OTLP_TRACES_HEADERS must be pairs name=value joined by commas",
            ],
            faults);
    }

    [Theory]
    [InlineData("authorization=Bearer canary")]
    [InlineData(" authorization=Basic%20Y2FuYXJ5=, x-tenant = 7 ,\n")]
    [InlineData("x=")]
    public async Task Headers_that_the_exporter_can_read_are_fine(string headers) =>
        (await _folder.RefuseAsync(ServiceFolder.ForProduction().With(new() { ["OTEL_EXPORTER_OTLP_HEADERS"] = headers }))).Expect(0);

    public void Dispose() => _folder.Dispose();

    /// <summary>The faults that a start with these settings names, in the order of their text.</summary>
    private async Task<string[]> FaultsAsync(Settings settings)
    {
        var refused = (await _folder.RefuseAsync(ServiceFolder.ForProduction().With(settings))).Expect(1);
        var lines = refused.Errors.Split('\n').Where(line => line.StartsWith("  - ", StringComparison.Ordinal));
        return [.. lines.Select(line => line[4..]).Order(StringComparer.Ordinal)];
    }
}

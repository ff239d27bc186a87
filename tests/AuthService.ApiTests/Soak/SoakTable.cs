using System.Globalization;
using System.Text;

namespace AuthService.ApiTests.Soak;

/// <summary>What was seen at one moment of a soak; latencies in milliseconds, counted from when a call was due.</summary>
/// <param name="At">Since its begin.</param>
/// <param name="CallsPerSecond">Since the sample before.</param>
/// <param name="Errors">Answers that were not the expected ones, so far.</param>
/// <param name="P50">Since the sample before.</param>
/// <param name="P99">Since the sample before.</param>
/// <param name="MegaBytes">Resident memory of the service.</param>
/// <param name="Connections">Of the service to its database.</param>
/// <param name="Sessions">Rows of sessions that are kept.</param>
internal sealed record SoakSample(TimeSpan At, double CallsPerSecond, int Errors, double P50, double P99, long MegaBytes, long Connections, long Sessions);

/// <summary>The samples of a soak, one line each.</summary>
internal sealed class SoakTable
{
    private readonly StringBuilder _text = new("   time  calls/s  errors   p50 ms   p99 ms  memory MB  connections  sessions\n");

    public void Add(SoakSample sample) => _text.AppendLine(string.Create(
        CultureInfo.InvariantCulture,
        $@"{sample.At:mm\:ss}   {sample.CallsPerSecond,7:N0} {sample.Errors,7} {sample.P50,8:N1} {sample.P99,8:N1} {sample.MegaBytes,10} {sample.Connections,12} {sample.Sessions,9}"));

    public override string ToString() => _text.ToString();
}

using System.Globalization;
using System.Text;

namespace AuthService.ApiTests.Soak;

/// <summary>A sample during a soak. Latencies are in milliseconds, from the time at which the call was due.</summary>
/// <param name="At">The time since the start.</param>
/// <param name="CallsPerSecond">The rate since the last sample.</param>
/// <param name="Errors">The unexpected responses since the start.</param>
/// <param name="P50">The median since the last sample.</param>
/// <param name="P99">The 99th percentile since the last sample.</param>
/// <param name="MegaBytes">The resident memory of the service.</param>
/// <param name="Connections">The connections of the service to its database.</param>
/// <param name="Sessions">The rows in the table of sessions.</param>
internal sealed record SoakSample(TimeSpan At, double CallsPerSecond, int Errors, double P50, double P99, long MegaBytes, long Connections, long Sessions);

/// <summary>The samples of a soak as a table, one line each.</summary>
internal sealed class SoakTable
{
    private readonly StringBuilder _text = new("   time  calls/s  errors   p50 ms   p99 ms  memory MB  connections  sessions\n");

    public void Add(SoakSample sample) => _text.AppendLine(string.Create(
        CultureInfo.InvariantCulture,
        $@"{sample.At:mm\:ss}   {sample.CallsPerSecond,7:N0} {sample.Errors,7} {sample.P50,8:N1} "
        + $"{sample.P99,8:N1} {sample.MegaBytes,10} {sample.Connections,12} {sample.Sessions,9}"));

    public override string ToString() => _text.ToString();
}

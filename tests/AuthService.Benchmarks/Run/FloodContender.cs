using System.Globalization;
using System.Net;
using AuthService.Benchmarks.Load;

namespace AuthService.Benchmarks.Run;

/// <param name="Name">The row that it is of.</param>
/// <param name="Load">What is sent, over and over.</param>
/// <param name="Status">Which every answer must have; null: one of success.</param>
internal sealed record Flood(string Name, Func<IEnumerable<RequestSource>> Load, int? Status = null);

/// <summary>Another contender, measured while something else floods the same server over connections of its own.</summary>
internal sealed class FloodContender(IContender measured, IPEndPoint server, TimeSpan warmUp, Flood flood) : IContender
{
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(1);

    private readonly List<double> _floods = [];

    public string? Note => _floods.Count == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{flood.Name}: {_floods.Average():0.0} requests of the flood a second were answered meanwhile.");

    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken) => measured.WarmUp(interval, cancellationToken);

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var load = new HttpLoad(server, flood.Load()) { Status = flood.Status };
        var flooding = Task.Run(() => load.Run(HeadStart + warmUp + interval, cancellationToken), CancellationToken.None);
        try
        {
            cancellationToken.WaitHandle.WaitOne(HeadStart);
            return Beside(measured.Measure(interval, cancellationToken), flooding);
        }
        finally
        {
            Task.WaitAny([flooding], CancellationToken.None);
        }
    }

    /// <summary>Waits for the last answer of the flood, so that nothing of it is left for the next contender.</summary>
    private Measurement Beside(Measurement measurement, Task<LoadResult> flooding)
    {
        var flooded = flooding.GetAwaiter().GetResult();
        _floods.Add(flooded.RequestsPerSecond);
        return measurement with
        {
            ServerCpu = null, // of both loads together
            DatabaseCpu = null,
            Errors = measurement.Errors + flooded.Errors,
            FirstError = measurement.FirstError ?? flooded.FirstError,
        };
    }
}

using System.Globalization;
using System.Net;
using AuthService.Benchmarks.Load;

namespace AuthService.Benchmarks.Run;

/// <param name="Name">The name of the row.</param>
/// <param name="Load">The requests, which are sent again and again.</param>
/// <param name="IsExpected">Whether a response with this status is no error.</param>
internal sealed record Flood(string Name, Func<IEnumerable<RequestSource>> Load, Func<int, bool> IsExpected);

/// <summary>Measures another contender while a load floods the same server over its own connections.</summary>
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
        using var load = new HttpLoad(server, flood.Load()) { IsExpected = flood.IsExpected };
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

    /// <summary>Waits for the last response of the flood, so that it does not disturb the next contender.</summary>
    private Measurement Beside(Measurement measurement, Task<LoadResult> flooding)
    {
        var flooded = flooding.GetAwaiter().GetResult();
        _floods.Add(flooded.RequestsPerSecond);
        return measurement with
        {
            ServerCpu = null, // it would be that of both loads together
            DatabaseCpu = null,
            Errors = measurement.Errors + flooded.Errors,
            FirstError = measurement.FirstError ?? flooded.FirstError,
        };
    }
}

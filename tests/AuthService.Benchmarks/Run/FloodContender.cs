using System.Globalization;
using System.Net;
using AuthService.Benchmarks.Load;

namespace AuthService.Benchmarks.Run;

/// <summary>Another contender, measured while something else floods the same server over connections of its own.</summary>
internal sealed class FloodContender(
    IContender measured, IPEndPoint server, TimeSpan warmUp, string name, Func<IEnumerable<RequestSource>> flood) : IContender
{
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(1);

    private readonly List<double> _floods = [];

    public string? Note => _floods.Count == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{name}: {_floods.Average():0.0} requests of the flood a second were answered meanwhile.");

    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken) => measured.WarmUp(interval, cancellationToken);

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var load = new HttpLoad(server, flood());
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

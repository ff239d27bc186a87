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
        var flooded = new LoadResult(0, 0, new LatencyHistogram(), 0, FirstError: null);
        var flooding = new Thread(() => flooded = Flood(HeadStart + warmUp + interval, cancellationToken));
        flooding.Start();
        cancellationToken.WaitHandle.WaitOne(HeadStart);
        var measurement = measured.Measure(interval, cancellationToken);
        flooding.Join(); // to the last answer, so that nothing of the flood is left for the next contender

        cancellationToken.ThrowIfCancellationRequested();
        _floods.Add(flooded.RequestsPerSecond);
        return measurement with
        {
            ServerCpu = null, // of both loads together
            DatabaseCpu = null,
            Errors = measurement.Errors + flooded.Errors,
            FirstError = measurement.FirstError ?? flooded.FirstError,
        };
    }

    private LoadResult Flood(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var load = new HttpLoad(server, flood());
        try
        {
            return load.Run(interval, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return new LoadResult(0, 0, new LatencyHistogram(), 0, FirstError: null);
        }
    }
}

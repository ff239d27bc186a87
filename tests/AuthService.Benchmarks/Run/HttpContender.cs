using System.Net;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;

namespace AuthService.Benchmarks.Run;

/// <summary>Measures a server process under load, with the CPU time of the process and its database.</summary>
internal sealed class HttpContender(int serverPid, int? databasePid, TimeSpan warmUp, Func<ILoad> open) : IContender
{
    public HttpContender(IPEndPoint server, int serverPid, int? databasePid, TimeSpan warmUp, Func<IEnumerable<RequestSource>> perConnection)
        : this(serverPid, databasePid, warmUp, () => new HttpLoad(server, perConnection()))
    {
    }

    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var load = open();
        load.Run(interval, cancellationToken);
    }

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var load = open();
        load.Run(warmUp, cancellationToken);

        var serverBefore = ProcessCpu.Of(serverPid);
        var databaseBefore = DatabaseCpu();
        var result = load.Run(interval, cancellationToken);
        var requests = Math.Max(result.Requests, 1);
        return new Measurement(
            result.RequestsPerSecond,
            (ProcessCpu.Of(serverPid) - serverBefore) / requests,
            (DatabaseCpu() - databaseBefore) / requests,
            result.Latencies.Percentile(0.50),
            result.Latencies.Percentile(0.99),
            result.Errors,
            result.FirstError);
    }

    private TimeSpan? DatabaseCpu() => databasePid is { } pid ? ProcessCpu.OfFamily(pid) : null;
}

using System.Diagnostics;
using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;

namespace AuthService.Benchmarks.Run;

/// <summary>The limit of a login: hashes passwords and nothing else, one after another on each thread.</summary>
internal sealed class BcryptContender(int threads) : IContender
{
    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken) => Bcrypt.Hash();

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        var before = ProcessCpu.Of(Environment.ProcessId);
        var turns = new Turn[threads];
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(i => new Thread(() => turns[i] = HashFor(interval, cancellationToken)))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());

        cancellationToken.ThrowIfCancellationRequested();
        var latencies = new LatencyHistogram();
        Array.ForEach(turns, turn => latencies.Add(turn.Latencies));
        return new Measurement(
            turns.Sum(turn => turn.Latencies.Count / turn.Elapsed.TotalSeconds),
            (ProcessCpu.Of(Environment.ProcessId) - before) / latencies.Count,
            DatabaseCpu: null,
            latencies.Percentile(0.50),
            latencies.Percentile(0.99),
            Errors: 0,
            FirstError: null);
    }

    private static Turn HashFor(TimeSpan interval, CancellationToken cancellationToken)
    {
        var latencies = new LatencyHistogram();
        var start = Stopwatch.GetTimestamp();
        do
        {
            var begun = Stopwatch.GetTimestamp();
            Bcrypt.Hash();
            latencies.Add(Stopwatch.GetTimestamp() - begun);
        }
        while (Stopwatch.GetElapsedTime(start) < interval && !cancellationToken.IsCancellationRequested);

        return new Turn(latencies, Stopwatch.GetElapsedTime(start));
    }

    private sealed record Turn(LatencyHistogram Latencies, TimeSpan Elapsed);
}

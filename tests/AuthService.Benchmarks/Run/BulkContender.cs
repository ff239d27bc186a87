using System.Diagnostics;
using System.Net.Sockets;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>
/// Revokes ten thousand sessions in one call, and repeats it a few times. Only the call is timed: its sessions are created before, and checked afterwards.
/// </summary>
internal sealed class BulkContender(CopiedSessions sessions, int serverPid, int? databasePid, Func<Guid[], Action> prepare) : IContender
{
    public const int SessionsInCall = 10_000;

    /// <summary>The number of sessions in the store, of which a call revokes only a part.</summary>
    private const int SessionsInStore = 10 * SessionsInCall;

    private const int CallsInTurn = 5;

    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken) => Measure(interval, cancellationToken);

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        var turn = new Turn();
        try
        {
            for (var call = 0; call < CallsInTurn; call++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Call(turn);
            }
        }
        catch (Exception broken) when (broken is BenchmarkException or IOException or SocketException)
        {
            turn.Error = broken.Message;
        }

        return new Measurement(
            CallsInTurn / turn.Time.TotalSeconds,
            turn.ServerCpu / CallsInTurn,
            databasePid is null ? null : turn.DatabaseCpu / CallsInTurn,
            turn.Latencies.Percentile(0.50),
            P99: null,
            turn.Error is null ? 0 : 1,
            turn.Error);
    }

    private void Call(Turn turn)
    {
        sessions.FillUpTo(SessionsInStore);
        Guid[] ids = [.. Enumerable.Range(0, SessionsInCall).Select(_ => sessions.Take())];
        var call = prepare(ids);

        var (server, database, start) = (ProcessCpu.Of(serverPid), DatabaseCpu(), Stopwatch.GetTimestamp());
        call();
        var end = Stopwatch.GetTimestamp();
        turn.ServerCpu += ProcessCpu.Of(serverPid) - server;
        turn.DatabaseCpu += DatabaseCpu() - database;
        turn.Time += Stopwatch.GetElapsedTime(start, end);
        turn.Latencies.Add(end - start);
        if (sessions.Count(ids) is > 0 and var left)
            throw new BenchmarkException($"{left} of {SessionsInCall} sessions were not ended.");
    }

    private TimeSpan DatabaseCpu() => databasePid is { } pid ? ProcessCpu.OfFamily(pid) : TimeSpan.Zero;

    private sealed class Turn
    {
        public LatencyHistogram Latencies { get; } = new();

        public TimeSpan Time { get; set; }

        public TimeSpan ServerCpu { get; set; }

        public TimeSpan DatabaseCpu { get; set; }

        public string? Error { get; set; }
    }
}

using System.Diagnostics;
using System.Net;
using System.Text;

namespace AuthService.Benchmarks.Load;

/// <summary>
/// A closed loop: every connection sends its next request after the response to the last. One thread serves them all. No request is open when an interval
/// begins or ends, so that the server's CPU time belongs to the counted requests.
/// </summary>
internal sealed class HttpLoad : ILoad
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    private readonly Epoll _epoll = new();
    private readonly LoadConnection[] _connections;

    public HttpLoad(IPEndPoint server, IEnumerable<RequestSource> perConnection)
    {
        _connections = [.. perConnection.Select(requests => new LoadConnection(server, requests))];
        for (var i = 0; i < _connections.Length; i++)
            _epoll.Watch(_connections[i].Socket, i);
    }

    /// <summary>Whether a response with this status is no error: any 2xx, unless the load sets something else.</summary>
    public Func<int, bool> IsExpected { get; init; } = static status => status is >= 200 and < 300;

    /// <summary>Loads the server for this long, then waits for the open responses.</summary>
    public LoadResult Run(TimeSpan interval, CancellationToken cancellationToken)
    {
        var tally = new Tally(_connections.Length, IsExpected);
        try
        {
            Drive(tally, Stopwatch.GetTimestamp() + (long)(interval.TotalSeconds * Stopwatch.Frequency), cancellationToken);
        }
        catch (Exception broken) when (broken is IOException or System.Net.Sockets.SocketException or InvalidDataException)
        {
            tally.Break(broken.Message);
        }

        return tally.Result();
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
        _epoll.Dispose();
    }

    private void Drive(Tally tally, long end, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _connections.Length; i++)
            tally.Started(i, _connections[i].SendNext());

        for (var underWay = _connections.Length; underWay > 0;)
        {
            var ready = _epoll.Wait(LongestAnswer);
            cancellationToken.ThrowIfCancellationRequested();
            if (ready == 0)
                throw new IOException($"No answer within {LongestAnswer.TotalSeconds:0} seconds.");

            for (var i = 0; i < ready; i++)
            {
                var tag = _epoll.Tag(i);
                var connection = _connections[tag];
                var status = connection.Receive(out var latency);
                if (status == 0)
                    continue;

                tally.Answered(tag, latency, status, connection);
                if (Stopwatch.GetTimestamp() < end)
                    connection.SendNext();
                else
                    underWay--;
            }
        }
    }

    private sealed class Tally(int connections, Func<int, bool> isExpected)
    {
        private readonly long[] _startedAt = new long[connections];
        private readonly long[] _answeredAt = new long[connections];
        private readonly long[] _answers = new long[connections];
        private readonly LatencyHistogram _latencies = new();
        private long _errors;
        private string? _firstError;

        public void Started(int connection, long sentAt) => _startedAt[connection] = sentAt;

        public void Answered(int connection, long latency, int status, LoadConnection answer)
        {
            _answers[connection]++;
            _answeredAt[connection] = Stopwatch.GetTimestamp();
            _latencies.Add(latency);
            if (isExpected(status))
                return;

            _errors++;
            _firstError ??= $"{status} {Encoding.UTF8.GetString(ResponseReader.Body(answer.Response))}".TrimEnd();
        }

        public void Break(string why)
        {
            _errors++;
            _firstError ??= why;
        }

        public LoadResult Result() => new(_answers.Sum(), Rate(), _latencies, _errors, _firstError);

        // Each connection has its own time: with few slow responses, a common end would ignore those that are half done.
        private double Rate() => Enumerable.Range(0, connections)
            .Where(i => _answers[i] > 0)
            .Sum(i => _answers[i] / Stopwatch.GetElapsedTime(_startedAt[i], _answeredAt[i]).TotalSeconds);
    }
}

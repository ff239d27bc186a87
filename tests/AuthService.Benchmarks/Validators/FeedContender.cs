using System.Diagnostics;
using System.Net;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Run;
using AuthService.Benchmarks.Service;
using Npgsql;

namespace AuthService.Benchmarks.Validators;

/// <summary>A listener for revoked sessions.</summary>
internal interface IListener : IDisposable
{
    /// <summary>Stops listening.</summary>
    /// <returns>Each session that was received, with the time in ticks of <see cref="Stopwatch"/>.</returns>
    IReadOnlyList<(Guid Session, long At)> Stop();
}

/// <summary>Measures the time from the acknowledgement of a sign-out until a listener receives it.</summary>
/// <param name="service">The service at which sessions are signed out.</param>
/// <param name="copies">The sessions to sign out.</param>
/// <param name="listen">Starts a listener.</param>
internal sealed class FeedContender(ServiceInstance service, CopiedSessions copies, Func<CancellationToken, IListener> listen) : IContender
{
    private const int SignOutsPerSecond = 50;
    private static readonly TimeSpan UntilHeard = TimeSpan.FromSeconds(3);

    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken) => Measure(interval, cancellationToken);

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        copies.FillUpTo((int)Math.Ceiling(SignOutsPerSecond * interval.TotalSeconds));
        using var listener = listen(cancellationToken);
        var signOuts = new SignOuts(service, copies);
        signOuts.RunAsync(SignOutsPerSecond, interval, cancellationToken).GetAwaiter().GetResult();
        cancellationToken.WaitHandle.WaitOne(UntilHeard);

        var heard = listener.Stop().GroupBy(one => one.Session).ToDictionary(group => group.Key, group => group.Min(one => one.At));
        var latencies = new LatencyHistogram();
        foreach (var (session, acknowledged) in signOuts.Acknowledged)
        {
            if (heard.TryGetValue(session, out var at))
                latencies.Add(at - acknowledged);
        }

        var missing = signOuts.Acknowledged.Count - latencies.Count;
        return new Measurement(
            signOuts.Acknowledged.Count / interval.TotalSeconds,
            ServerCpu: null,
            DatabaseCpu: null,
            latencies.Percentile(0.50),
            latencies.Percentile(0.99),
            missing,
            missing > 0 ? $"{missing} sessions that nobody heard of" : null);
    }
}

/// <summary>One validator with a long poll at the feed.</summary>
internal sealed class FeedListener : IListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The pause that the response's <c>Retry-After</c> asks for.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ValidatorFleet _fleet;

    private FeedListener(ValidatorFleet fleet) => _fleet = fleet;

    public static FeedListener Begin(ServiceInstance service, string token, CancellationToken cancellationToken)
    {
        WaitUntilRead(service, token, cancellationToken);
        var fleet = new ValidatorFleet(service.Address, [token]);
        fleet.BeginAsync(cancellationToken).GetAwaiter().GetResult();
        return new FeedListener(fleet);
    }

    public IReadOnlyList<(Guid Session, long At)> Stop()
    {
        _fleet.Stop();
        return _fleet.Error is { } error ? throw new BenchmarkException($"A validator was not answered: {error}") : _fleet.Heard.Single();
    }

    public void Dispose() => _fleet.Dispose();

    /// <summary>
    /// Waits until the service has read the feed, because it answers 503 before. In a long run, hundreds of thousands of sessions were just revoked.
    /// </summary>
    private static void WaitUntilRead(ServiceInstance service, string token, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(service.Issuer), DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience;)
        {
            using var response = http.Send(new HttpRequestMessage(HttpMethod.Get, "/revocations"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode is not HttpStatusCode.ServiceUnavailable)
                return;
            cancellationToken.WaitHandle.WaitOne(Pause);
        }
    }
}

/// <summary>The limit of the feed: polls the database directly, with the same statement and the same interval.</summary>
internal sealed class PollListener : IListener
{
    private const string Statement = """
        SELECT position, id, (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint FROM ended_sessions
        WHERE position >= $1 AND position < (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly NpgsqlDataSource _database;
    private readonly List<(Guid Session, long At)> _heard = [];
    private readonly Thread _thread;
    private volatile bool _isStopped;
    private long _end;

    public PollListener(string connectionString)
    {
        _database = NpgsqlDataSource.Create(connectionString);
        using var command = _database.CreateCommand("SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint");
        _end = (long)command.ExecuteScalar()!;
        _thread = new Thread(Listen) { IsBackground = true, Name = "poll" };
        _thread.Start();
    }

    public IReadOnlyList<(Guid Session, long At)> Stop()
    {
        _isStopped = true;
        _thread.Join();
        return _heard;
    }

    public void Dispose()
    {
        Stop();
        _database.Dispose();
    }

    private void Listen()
    {
        using var connection = _database.OpenConnection();
        while (!_isStopped)
        {
            using (var command = new NpgsqlCommand(Statement, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = _end } } })
            using (var rows = command.ExecuteReader())
            {
                while (rows.Read())
                {
                    _heard.Add((rows.GetGuid(1), Stopwatch.GetTimestamp()));
                    _end = rows.GetInt64(2);
                }
            }

            Thread.Sleep(Interval);
        }
    }
}

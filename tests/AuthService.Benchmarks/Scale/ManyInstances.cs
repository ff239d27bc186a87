using System.Net;
using System.Net.Http.Headers;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Run;
using static AuthService.Benchmarks.Run.MarkdownTable;

namespace AuthService.Benchmarks.Scale;

/// <summary>
/// Compares one instance with two on one PostgreSQL behind haproxy. Two are not faster on one machine. The comparison shows that no call is refused, what the
/// second instance costs, and that a session revoked at one is refused by the other.
/// </summary>
internal sealed class ManyInstances(Stage stage, BenchmarkDatabase server, BenchmarkOptions turns)
{
    private const int Ended = 50;
    private const double Goal = 0.85;
    private const string Alone = "one instance, no proxy";
    private const string One = "one instance behind haproxy";
    private const string Two = "two instances behind haproxy";

    public async Task MeasureAsync(ScaleReport report, CancellationToken cancellationToken)
    {
        await using var second = await stage.StartInstanceAsync(Stage.Never, cancellationToken);
        await using var toOne = await HaProxy.StartAsync([stage.Service.Address], cancellationToken);
        await using var toBoth = await HaProxy.StartAsync([stage.Service.Address, second.Address], cancellationToken);
        int[] one = [stage.Service.ProcessId];
        int[] both = [.. one, second.ProcessId];
        var results = InterleavedRounds.Run(
            [
                RowOf(Alone, stage.Service.Address, one, limit: null),
                RowOf(One, toOne.Address, one, Alone),
                RowOf(Two, toBoth.Address, both, One),
            ],
            turns,
            cancellationToken);

        var table = new MarkdownTable(
            "refresh", "requests/s", "of the row above", "services' CPU ms", "of the row above", "database CPU ms", "p50 ms", "p99 ms", "errors");
        foreach (var (row, figures, rate, cpu, _, _) in results)
        {
            table.Add(
                row.Name, Count(figures.RequestsPerSecond), Ratio(rate), Milliseconds(figures.ServerCpu), Ratio(cpu), Milliseconds(figures.DatabaseCpu),
                Milliseconds(figures.P50), Milliseconds(figures.P99), Count(figures.Errors));
            report.NoErrors($"refresh, {row.Name}", figures.Errors, figures.FirstError);
        }

        report.AtLeast("refreshes a second at two instances behind haproxy, of those at one", results[2].RateRatio!.Value, Goal);
        ScaleReport.Print("Many instances on one PostgreSQL", table);
        var refused = await RefusedAfterEndAsync(toBoth.Address, [stage.Service.Address, second.Address], cancellationToken);
        report.AtLeast($"sessions ended through haproxy and refused by both instances, of {Ended}", refused, Ended);
    }

    private Row RowOf(string name, IPEndPoint address, int[] pids, string? limit) =>
        new(name, new SeveralProcesses(address, pids, server.ServerPid, turns.WarmUp, stage.Refreshes()), limit, turns.Interval);

    /// <summary>Signs out the last sessions, which no other part refreshes, and counts those that all instances refuse.</summary>
    private async Task<int> RefusedAfterEndAsync(IPEndPoint proxy, IPEndPoint[] instances, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var refused = 0;
        for (var number = stage.Size - Ended; number < stage.Size; number++)
        {
            var token = stage.TokenOf(number);
            if (await SendAsync(http, proxy, "/auth/logout", token, cancellationToken) != HttpStatusCode.NoContent)
                continue;
            var answers = new List<HttpStatusCode>();
            foreach (var instance in instances)
                answers.Add(await SendAsync(http, instance, "/auth/refresh", token, cancellationToken));
            refused += answers.TrueForAll(answer => answer == HttpStatusCode.Unauthorized) ? 1 : 0;
        }

        return refused;
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, IPEndPoint server, string path, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{server}{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, cancellationToken);
        return response.StatusCode;
    }
}

/// <summary>Measures several server processes under one load, with the sum of their CPU time.</summary>
internal sealed class SeveralProcesses(
    IPEndPoint server, IReadOnlyList<int> pids, int? databasePid, TimeSpan warmUp, Func<IEnumerable<RequestSource>> perConnection) : IContender
{
    public void WarmUp(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var load = new HttpLoad(server, perConnection());
        load.Run(interval, cancellationToken);
    }

    public Measurement Measure(TimeSpan interval, CancellationToken cancellationToken)
    {
        using var load = new HttpLoad(server, perConnection());
        load.Run(warmUp, cancellationToken);
        var (servers, database) = (Servers(), Database());
        var result = load.Run(interval, cancellationToken);
        var requests = Math.Max(result.Requests, 1);
        return new Measurement(
            result.RequestsPerSecond,
            (Servers() - servers) / requests,
            (Database() - database) / requests,
            result.Latencies.Percentile(0.50),
            result.Latencies.Percentile(0.99),
            result.Errors,
            result.FirstError);
    }

    private TimeSpan Servers() => pids.Aggregate(TimeSpan.Zero, (sum, pid) => sum + ProcessCpu.Of(pid));

    private TimeSpan? Database() => databasePid is { } pid ? ProcessCpu.OfFamily(pid) : null;
}

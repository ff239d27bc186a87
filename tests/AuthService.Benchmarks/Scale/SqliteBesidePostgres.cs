using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Run;
using AuthService.Benchmarks.Service;
using static AuthService.Benchmarks.Run.MarkdownTable;

namespace AuthService.Benchmarks.Scale;

/// <summary>Measures refreshes of the same people and sessions on SQLite and on PostgreSQL, in turns.</summary>
internal static class SqliteBesidePostgres
{
    private const double Goal = 0.7;
    private const int People = BenchmarkOptions.Connections;
    private const string OnSqlite = "refresh on SQLite";
    private const string OnPostgres = "refresh on PostgreSQL";

    public static async Task MeasureAsync(BenchmarkDatabase server, BenchmarkOptions turns, ScaleReport report, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine("making the same people on SQLite and on PostgreSQL");
        await using var file = await BenchmarkStore.TakeAsync(Store.Sqlite, cancellationToken);
        await using var sqlite = await ServiceInstance.StartAsync(file.Settings, cancellationToken);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Postgres"] = server.ConnectionString };
        await using var postgres = await ServiceInstance.StartAsync(settings, cancellationToken);
        var results = InterleavedRounds.Run(
            [
                new(OnSqlite, await ContenderAsync(sqlite, turns, databasePid: null, cancellationToken), OnPostgres, turns.Interval),
                new(OnPostgres, await ContenderAsync(postgres, turns, server.ServerPid, cancellationToken), Limit: null, turns.Interval),
            ],
            turns,
            cancellationToken);

        var table = new MarkdownTable("32 connections", "requests/s", "of PostgreSQL's", "service CPU ms", "database CPU ms", "p50 ms", "p99 ms", "errors");
        foreach (var (row, figures, ratio, _, _, _) in results)
        {
            table.Add(
                row.Name, Count(figures.RequestsPerSecond), Ratio(ratio), Milliseconds(figures.ServerCpu), Milliseconds(figures.DatabaseCpu),
                Milliseconds(figures.P50), Milliseconds(figures.P99), Count(figures.Errors));
        }

        ScaleReport.Print("SQLite beside PostgreSQL", table);
        report.NoErrors(OnSqlite, results[0].Median.Errors, results[0].Median.FirstError);
        report.AtLeast("refreshes a second on SQLite, of those on PostgreSQL", results[0].RateRatio!.Value, Goal);
    }

    private static async Task<IContender> ContenderAsync(ServiceInstance service, BenchmarkOptions turns, int? databasePid, CancellationToken cancellationToken)
    {
        var sessions = await PreparedSessions.MakeAsync(service, People, cancellationToken);
        var requests = new Requests(service, sessions, applications: []).Refresh();
        return new HttpContender(
            service.Address, service.ProcessId, databasePid, turns.WarmUp, () => requests.Select(request => new RepeatedRequests([request])));
    }
}

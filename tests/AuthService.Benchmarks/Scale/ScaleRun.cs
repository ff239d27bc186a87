using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Scale;

/// <summary>A complete run at scale: one PostgreSQL with a store of each size, measured in turns, and the goals.</summary>
internal static class ScaleRun
{
    /// <returns>Whether no call was refused that should have succeeded.</returns>
    public static async Task<bool> RunAsync(ScaleOptions options, CancellationToken cancellationToken)
    {
        SourceTree.ServiceAssembly();
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(BenchmarkDatabase.Variable)))
            throw new BenchmarkException($"A run at scale fills a server of its own: take {BenchmarkDatabase.Variable} away.");

        if (options.Wants(Parts.Instances))
            HaProxy.Find();

        Console.Error.WriteLine("starting PostgreSQL");
        await using var server = await BenchmarkDatabase.TakeAsync(ServerSettings(options), cancellationToken);
        Console.WriteLine(MachineFacts.Describe(options.Turns, server));
        var report = new ScaleReport();
        try
        {
            if (options.Wants(Parts.Sqlite))
                await SqliteBesidePostgres.MeasureAsync(server, options.Turns, report, cancellationToken);
            await MeasureStagesAsync(server, options, report, cancellationToken);
            if (options.Wants(Parts.Standby))
                await BesideStandby.MeasureAsync(options.Turns, report, cancellationToken);
        }
        finally
        {
            report.PrintGoals(); // also when the run was stopped, with the goals measured so far
        }

        return !report.HasFailures;
    }

    private static async Task MeasureStagesAsync(BenchmarkDatabase server, ScaleOptions options, ScaleReport report, CancellationToken cancellationToken)
    {
        var stages = new List<Stage>();
        try
        {
            foreach (var size in options.Sizes)
                stages.Add(await Stage.StartAsync(server, size, options.Turns.WarmUp, cancellationToken));
            if (options.Wants(Parts.Refresh))
                await RefreshBySize.MeasureAsync(stages, options.Turns, report, cancellationToken);
            if (options.Wants(Parts.Instances))
                await new ManyInstances(stages[0], server, options.Turns).MeasureAsync(report, cancellationToken);
            await MeasureLargestAsync(stages[^1], options, report, cancellationToken);
        }
        finally
        {
            foreach (var stage in stages)
                await stage.DisposeAsync();
        }
    }

    private static async Task MeasureLargestAsync(Stage largest, ScaleOptions options, ScaleReport report, CancellationToken cancellationToken)
    {
        if (options.Wants(Parts.Bytes))
            await BytesPerSession.MeasureAsync(largest, cancellationToken);
        if (options.Wants(Parts.Crowd))
            await new CrowdOfSessions(largest, options.Turns).MeasureAsync(report, cancellationToken);
        if (options.Wants(Parts.Explain))
            await new HotStatements(largest).PrintAsync(cancellationToken);
        if (options.Wants(Parts.CleanUp))
            await new CleanUpUnderLoad(largest, options.Turns).MeasureAsync(report, cancellationToken);
    }

    /// <summary>
    /// Returns the settings of the server: a quarter of the memory, as PostgreSQL's manual advises (section 20.4), and enough WAL space to fill tables without
    /// a checkpoint every minute. To read plans, the log must be a file.
    /// </summary>
    private static string[] ServerSettings(ScaleOptions options) =>
    [
        $"shared_buffers={GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 >> 20}MB", "max_wal_size=8GB", "checkpoint_timeout=15min",
        $"logging_collector={(options.Wants(Parts.Explain) ? "on" : "off")}", "log_rotation_size=0",
    ];
}

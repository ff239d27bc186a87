using System.CommandLine;
using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Run;

var quick = new Option<bool>("--quick") { Description = "Short intervals: most rows, in about three minutes, with more noise." };
var store = new Option<Store>("--store") { Description = "The store that the service runs on.", DefaultValueFactory = _ => Store.Postgres };
var only = new Option<string>("--only")
{
    HelpName = "rows",
    Description = $"Some rows alone, joined by commas: {string.Join(", ", Operations.All)}.",
};

var limit = new Command(LimitProcess.Subcommand, "Serves the limits; started by the benchmark.") { Hidden = true };
limit.SetAction((_, cancellation) => LimitServer.RunAsync(LimitOptions.FromEnvironment(), cancellation));

var root = new RootCommand("Measures AuthService over HTTP, side by side with what this machine could do at most.") { quick, store, only, limit };
root.SetAction(async (arguments, cancellation) =>
{
    try
    {
        var options = BenchmarkOptions.Of(arguments.GetValue(quick), arguments.GetValue(store), arguments.GetValue(only));
        var report = await BenchmarkRun.RunAsync(options, cancellation);
        Console.WriteLine(report.Text);
        return report.HasFailures ? 1 : 0;
    }
    catch (BenchmarkException missing)
    {
        await Console.Error.WriteLineAsync(missing.Message);
        return 2;
    }
});

// Ctrl+C and SIGTERM end the run early; servers and temporary folders are still cleared away.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

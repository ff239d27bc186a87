using System.CommandLine;
using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Run;
using AuthService.Benchmarks.Scale;
using AuthService.Benchmarks.Validators;

var quick = new Option<bool>("--quick") { Description = "Short intervals: most rows, in about three minutes, with more noise." };
var store = new Option<Store>("--store") { Description = "The store that the service runs on.", DefaultValueFactory = _ => Store.Postgres };
var only = new Option<string>("--only")
{
    HelpName = "rows",
    Description = $"Some rows alone, joined by commas: {string.Join(", ", Operations.All)}. With --scale some parts: {string.Join(", ", Parts.All)}.",
};
var scale = new Option<bool>("--scale") { Description = "Fills stores with up to millions of sessions and measures what that changes." };
var sizes = new Option<string>("--sessions")
{
    HelpName = "numbers",
    Description = "With --scale: how many sessions the stores have, joined by commas.",
    DefaultValueFactory = _ => ScaleOptions.UsualSizes,
};
var explain = new Option<bool>("--explain") { Description = "With --scale: prints PostgreSQL's plans of the hot statements too." };
var validators = new Option<string?>("--validators")
{
    HelpName = "numbers",
    Description = $"So many services wait for revocations at one instance, joined by commas: {ValidatorOptions.Usual} unless said otherwise.",
    Arity = ArgumentArity.ZeroOrOne,
};

var limit = new Command(LimitProcess.Subcommand, "Serves the limits; started by the benchmark.") { Hidden = true };
limit.SetAction((_, cancellation) => LimitServer.RunAsync(LimitOptions.FromEnvironment(), cancellation));

var root = new RootCommand("Measures AuthService over HTTP, side by side with what this machine could do at most.")
{
    quick, store, only, scale, sizes, explain, validators, limit,
};
root.SetAction(async (arguments, cancellation) =>
{
    try
    {
        if (arguments.GetValue(scale))
        {
            var wanted = ScaleOptions.Of(arguments.GetValue(quick), arguments.GetValue(sizes)!, arguments.GetValue(only), arguments.GetValue(explain));
            return await ScaleRun.RunAsync(wanted, cancellation) ? 0 : 1;
        }

        if (arguments.GetResult(validators) is not null)
        {
            var wanted = ValidatorOptions.Of(arguments.GetValue(quick), arguments.GetValue(validators) ?? ValidatorOptions.Usual);
            return await ValidatorRun.RunAsync(wanted, cancellation) ? 0 : 1;
        }

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

// Ctrl+C and SIGTERM end the run early. Servers and temporary folders are still removed.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });

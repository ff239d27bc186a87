using AuthService.Benchmarks.Limits;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Run;

/// <summary>A complete run: the store, the service, people and sessions, limits, rounds, and the table.</summary>
internal static class BenchmarkRun
{
    public static async Task<Report> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        SourceTree.ServiceAssembly();
        Console.Error.WriteLine("starting the store and the service");
        await using var store = await BenchmarkStore.TakeAsync(options.Store, cancellationToken);
        await using var service = await ServiceInstance.StartAsync(store.Settings, cancellationToken);

        Console.Error.WriteLine($"making {options.Persons} people and their sessions");
        var sessions = await PreparedSessions.MakeAsync(service, options.Persons, cancellationToken);
        var applications = await PreparedApplications.MakeAsync(service, sessions.ServiceToken, options.Persons, cancellationToken);
        await store.SettleAsync(cancellationToken);
        var requests = new Requests(service, sessions, applications);
        var limitOptions = new LimitOptions(
            FreePort.Take(),
            store.Database?.ConnectionString,
            service.SigningKeyPem,
            service.Issuer,
            ConstantBytes: SingleCall.Body(service.Address, requests.Refresh()[0]).Length,
            ListBytes: SingleCall.Body(service.Address, requests.ListSessions()).Length,
            SessionBytes: SingleCall.Body(service.Address, requests.GetSession()[0]).Length,
            PromptBytes: SingleCall.Body(service.Address, requests.PasskeyOptions()).Length);
        await using var limits = await LimitProcess.StartAsync(limitOptions, cancellationToken);

        Console.WriteLine(MachineFacts.Describe(options, store.Database));
        if (store.Database is not { } database)
            return new Report(Measure(new Workbench(service, limits, Database: null, Copies: null, requests), options, cancellationToken), []);

        var copies = new CopiedSessions(database.ConnectionString, sessions.SessionIds);
        var bench = new Workbench(service, limits, database, copies, requests);
        SameToken.Check(bench);
        new SameEffects(bench, database, sessions, copies).Check();
        var results = Measure(bench, options, cancellationToken);
        var ofInstances = options.Operations.Contains(Operations.Start, StringComparer.Ordinal)
            ? Goals.Of(await FreshInstances.MeasureAsync(options, store, requests, cancellationToken))
            : [];
        var ofChecks = options.Operations.Contains(Operations.RevocationCheck, StringComparer.Ordinal)
            ? Goals.Of(RevocationChecks.Measure(sessions.AccessTokens, options, cancellationToken))
            : [];
        return new Report(results, [.. Goals.Of(results), .. ofInstances, .. ofChecks]);
    }

    private static List<RowResult> Measure(Workbench bench, BenchmarkOptions options, CancellationToken cancellationToken) =>
        [.. new RowCatalog(options, bench).Groups().SelectMany(group => InterleavedRounds.Run(group, options, cancellationToken))];
}

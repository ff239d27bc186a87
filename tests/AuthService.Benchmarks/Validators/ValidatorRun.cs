using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AuthService.Benchmarks.Load;
using AuthService.Benchmarks.Machine;
using AuthService.Benchmarks.Run;
using AuthService.Benchmarks.Service;
using static AuthService.Benchmarks.Run.MarkdownTable;

namespace AuthService.Benchmarks.Validators;

/// <param name="Numbers">The numbers of waiting validators, in one run after another.</param>
/// <param name="Idle">The time without revocations.</param>
/// <param name="Busy">The time with revocations.</param>
internal sealed record ValidatorOptions(IReadOnlyList<int> Numbers, TimeSpan Idle, TimeSpan Busy)
{
    public const string Usual = "10000";

    /// <summary>The number of sign-outs a second.</summary>
    public const int SignOutsPerSecond = 200;

    /// <exception cref="BenchmarkException">A number of validators is invalid.</exception>
    public static ValidatorOptions Of(bool quick, string numbers) => new(
        [.. numbers.Split(',').Select(Number)],
        TimeSpan.FromSeconds(quick ? 15 : 60),
        TimeSpan.FromSeconds(quick ? 10 : 30));

    private static int Number(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new BenchmarkException($"'{text}' is not a number of validators: numbers joined by commas, for example 1000,10000.");
}

/// <summary>
/// Measures services that verify access tokens themselves and wait for revocations at one instance: the cost while nothing happens, and the time until they
/// receive a revocation.
/// </summary>
internal static class ValidatorRun
{
    private const double BytesInMegabyte = 1_000_000;
    private const int People = 4;
    private const int OtherDescriptors = 500;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <returns>Whether every validator was answered and has received every revocation.</returns>
    public static async Task<bool> RunAsync(ValidatorOptions options, CancellationToken cancellationToken)
    {
        var table = new MarkdownTable(
            "validators", "MB before", "MB idle", "MB at most", "cores idle", $"{ValidatorOptions.SignOutsPerSecond} sign-outs/s: p50 ms", "p99 ms",
            "slowest ms", "answers/s", "MB/s", "cores", "database's cores", "generator's cores", "not heard of");
        CheckDescriptors(options.Numbers.Max());
        var isWhole = true;
        foreach (var number in options.Numbers)
        {
            await using var store = await BenchmarkStore.TakeAsync(Store.Postgres, cancellationToken);
            var measured = await PrepareAsync(number, options, store, cancellationToken);
            isWhole &= await MeasureAsync(measured, options, store, table, cancellationToken);
        }

        Console.WriteLine($"### Validators that wait at one instance\n\n{table}");
        return isWhole;
    }

    /// <summary>Prepares the data with another instance, so that the measured one has done nothing else.</summary>
    private static async Task<Prepared> PrepareAsync(int number, ValidatorOptions options, BenchmarkStore store, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine($"making {number} access tokens");
        await using var service = await ServiceInstance.StartAsync(store.Settings, cancellationToken);
        var sessions = await PreparedSessions.MakeAsync(service, People, cancellationToken);
        var copies = new CopiedSessions(store.Database!.ConnectionString, sessions.SessionIds);
        copies.FillUpTo((int)(ValidatorOptions.SignOutsPerSecond * (options.Busy.TotalSeconds + 1)));
        var tokens = await TokensAsync(number, service, cancellationToken);
        await store.SettleAsync(cancellationToken);
        return new Prepared(
            new Dictionary<string, string>(store.Settings, StringComparer.Ordinal)
            {
                ["Jwt__Issuer"] = service.Issuer,
                ["Jwt__SigningKeys__0__PrivateKeyPem"] = service.SigningKeyPem,
            },
            tokens,
            copies);
    }

    private static async Task<bool> MeasureAsync(
        Prepared prepared, ValidatorOptions options, BenchmarkStore store, MarkdownTable table, CancellationToken cancellationToken)
    {
        var number = prepared.Tokens.Count;
        Console.Error.WriteLine($"{number} validators begin");
        await using var service = await ServiceInstance.StartAsync(prepared.Settings, cancellationToken);
        await BeginFeedAsync(service, prepared.Tokens[0], cancellationToken);
        var before = ProcessMemory.ResidentOf(service.ProcessId);
        using var fleet = new ValidatorFleet(service.Address, prepared.Tokens);
        await fleet.BeginAsync(cancellationToken);
        await Task.Delay(Rest, cancellationToken);
        var meter = new Meter(service.ProcessId, store.Database!.ServerPid, fleet);
        var idle = await meter.MeasureAsync(() => Task.Delay(options.Idle, cancellationToken));

        Console.Error.WriteLine($"{ValidatorOptions.SignOutsPerSecond} sessions end each second");
        var signOuts = new SignOuts(service, prepared.Copies);
        var busy = await meter.MeasureAsync(() => signOuts.RunAsync(ValidatorOptions.SignOutsPerSecond, options.Busy, cancellationToken));
        await WaitForSilenceAsync(fleet, cancellationToken);
        fleet.Stop();
        if (fleet.Error is { } error)
            Console.WriteLine($"{number} validators FAILED: {error}\n");

        var (latencies, missing, slowest) = Heard(fleet, signOuts);
        table.Add(
            number.ToString("#,0", CultureInfo.InvariantCulture), Count(before / BytesInMegabyte), Count(idle.Megabytes),
            Count(ProcessMemory.PeakOf(service.ProcessId) / BytesInMegabyte), Cores(idle.Service),
            Milliseconds(latencies.Percentile(0.5)), Milliseconds(latencies.Percentile(0.99)), Milliseconds(slowest), Count(busy.AnswersPerSecond),
            Count(busy.MegabytesPerSecond), Cores(busy.Service), Cores(busy.Database), Cores(busy.Generator), $"{missing}");
        return fleet.Error is null && missing == 0;
    }

    /// <exception cref="BenchmarkException">A process may not open this many connections.</exception>
    private static void CheckDescriptors(int validators)
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var most = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        if (int.TryParse(most, CultureInfo.InvariantCulture, out var number) && number < validators + OtherDescriptors)
            throw new BenchmarkException($"{validators} connections need more open files than {most}: ulimit -n {validators + OtherDescriptors}.");
    }

    /// <summary>Calls the feed until it answers. Before its first call the instance has not read the feed, and may answer 503.</summary>
    private static async Task BeginFeedAsync(ServiceInstance service, string token, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(service.Issuer) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        while (true)
        {
            using var answer = await http.GetAsync(new Uri("/revocations", UriKind.Relative), cancellationToken);
            if (answer.IsSuccessStatusCode)
                return;
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable)
                throw new BenchmarkException($"GET /revocations answered {(int)answer.StatusCode}");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Waits until no poll is answered. Once all revocations are delivered, a poll is answered only after half a minute.</summary>
    private static async Task WaitForSilenceAsync(ValidatorFleet fleet, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        long before;
        do
        {
            before = fleet.Answers;
            await Task.Delay(Silence, cancellationToken);
        }
        while (fleet.Answers > before && Stopwatch.GetElapsedTime(start) < LongestWait);
    }

    private static string Cores(double cores) => cores.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Returns one token for each validator, as processes with a common service account have them.</summary>
    private static async Task<string[]> TokensAsync(int number, ServiceInstance service, CancellationToken cancellationToken)
    {
        using var client = new ServiceClient(service);
        var admin = await client.LoginAsync(ServiceInstance.AdminId, service.AdminPassword, ServiceInstance.AppLoginService, cancellationToken);
        var refreshToken = await client.CreateServiceAsync(admin.AccessToken, "_validators", cancellationToken);
        var tokens = new string[number];
        await Parallel.ForAsync(0, number, cancellationToken, async (i, cancellation) => tokens[i] = await client.RefreshAsync(refreshToken, cancellation));
        return tokens;
    }

    private static (LatencyHistogram Latencies, int Missing, TimeSpan Slowest) Heard(ValidatorFleet fleet, SignOuts signOuts)
    {
        var (latencies, missing, slowest) = (new LatencyHistogram(), 0, 0L);
        foreach (var heard in fleet.Heard)
        {
            var first = heard.GroupBy(one => one.Session).ToDictionary(group => group.Key, group => group.Min(one => one.At));
            foreach (var (session, acknowledged) in signOuts.Acknowledged)
            {
                if (!first.TryGetValue(session, out var at))
                {
                    missing++;
                    continue;
                }

                latencies.Add(at - acknowledged);
                slowest = Math.Max(slowest, at - acknowledged);
            }
        }

        return (latencies, missing, Stopwatch.GetElapsedTime(0, slowest));
    }

    private sealed record Prepared(IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Tokens, CopiedSessions Copies);
}

using System.Collections.Concurrent;
using System.Globalization;
using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// Calls every operation as its examples show, and then with requests that differ from them in one thing that no client should send. Each response must be a
/// success or a refusal in the format of the API.
/// </summary>
public abstract class MutatedRequestTests(FuzzedService service)
{
    /// <summary>The limit for the second half of the requests. During the first half the code of each operation is compiled.</summary>
    private const long MostGrowth = 64 * 1024 * 1024;

    private static readonly int OfOneScene = Effort.Of(usual: 25, @long: 50);

    /// <summary>The number of parallel callers. The long form uses more of them, because most wait for requests that never end.</summary>
    private static readonly int Callers = Effort.Of(usual: 4, @long: 16);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceWithTheUnfinished = TimeSpan.FromMilliseconds(250);

    /// <summary>The service may still revoke everybody's sessions when the caller has gone. Afterwards it has done so.</summary>
    private static readonly TimeSpan PatienceWithRevocations = TimeSpan.FromSeconds(5);

    private readonly ConcurrentBag<string> _violations = [];
    private readonly ConcurrentDictionary<int, int> _answers = new();

    [Fact]
    public async Task Every_operation_stands_them()
    {
        var credential = await Scene.NewServiceCredentialAsync(service.Process.Http);
        var each = Effort.Of(usual: 16, @long: 10_000);

        await ForEachAsync(operation => ExpectSuccessAsync(operation.Item, credential, "before"));
        await ForEachAsync(operation => SpoilAsync(operation.Item, credential, each / 2, RandomOf(operation.Index, pass: 0)), revokesAll: false);
        var before = service.Process.Memory;
        await ForEachAsync(operation => SpoilAsync(operation.Item, credential, each / 2, RandomOf(operation.Index, pass: 1)), revokesAll: false);
        await ForEachAsync(operation => SpoilAsync(operation.Item, credential, each, RandomOf(operation.Index, pass: 0)), revokesAll: true);
        await Task.Delay(PatienceWithRevocations);
        await ForEachAsync(operation => ExpectSuccessAsync(operation.Item, credential, "after"));
        var growth = service.Process.Memory - before;

        var statuses = string.Join(' ', _answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Key}:{answer.Value}"));
        ProofTable.Add("Hostile", $"Mutated requests on {service.Store}", string.Create(
            CultureInfo.InvariantCulture,
            $"{each * service.Operations.Count:N0} requests, {_violations.Count} violations, memory {before >> 20} MiB {growth >> 20:+0;-0;0} MiB, "
            + $"seed {Effort.Seed} ({statuses})"));
        Assert.True(_violations.IsEmpty, string.Join("\n\n", [.. _violations.Select(violation => violation.Split('\n')[0]), .. _violations.Take(3)]));
        var errors = service.Process.Output.Where(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal)).Take(3).ToArray();
        Assert.True(errors.Length == 0, string.Join('\n', errors));
        Assert.True(growth < MostGrowth, $"The process has grown by {growth >> 20} MiB (seed {Effort.Seed})");
    }

    /// <summary>Returns a random sequence for each operation and pass. It does not use HashCode, which differs in every process.</summary>
    private static Random RandomOf(int operation, int pass) => new(unchecked(Effort.Seed + (operation * 2) + pass));

    /// <summary>Runs in parallel all operations that do not revoke everybody's sessions, and then the rest.</summary>
    private async Task ForEachAsync(Func<(int Index, ApiOperation Item), Task> call)
    {
        await ForEachAsync(call, revokesAll: false);
        await ForEachAsync(call, revokesAll: true);
    }

    /// <summary>Runs the operations that revoke everybody's sessions, or in parallel all others.</summary>
    private async Task ForEachAsync(Func<(int Index, ApiOperation Item), Task> call, bool revokesAll) => await Parallel.ForEachAsync(
        service.Operations.Index().Where(operation => $"{operation.Item}" is "DELETE /sessions" == revokesAll),
        new ParallelOptions { MaxDegreeOfParallelism = revokesAll ? 1 : Callers },
        async (operation, _) => await call(operation));

    private async Task SpoilAsync(ApiOperation operation, string credential, int count, Random random)
    {
        var calls = ValidCall.AllOf(operation).ToArray();
        for (var done = 0; done < count;)
        {
            var valid = await WriteAsync(calls[random.Next(calls.Length)], credential);
            for (var last = Math.Min(count, done + OfOneScene); done < last; done++)
                await SpoilAsync(operation, valid, random);
        }
    }

    private async Task SpoilAsync(ApiOperation operation, RawRequest valid, Random random)
    {
        var (mutation, spoilt) = Mutation.Any(valid, random);
        var answer = await RawAnswer.OfAsync(service.Address, spoilt, mutation.MayBeUnfinished ? PatienceWithTheUnfinished : Patience);
        _answers.AddOrUpdate(answer?.Status ?? 0, 1, (_, before) => before + 1);
        if (Verdict.FindFault(operation, isElsewhere: spoilt.Target != valid.Target || spoilt.Wire is not null, mutation, spoilt.Method, answer) is { } fault)
            Report($"{fault}: {operation}, {mutation.Name}", spoilt, answer);
    }

    private async Task ExpectSuccessAsync(ApiOperation operation, string credential, string when)
    {
        foreach (var call in ValidCall.AllOf(operation).Where(call => !call.NeedsAuthenticator && !call.NeedsProvider))
        {
            var request = await WriteAsync(call, credential);
            var answer = await RawAnswer.OfAsync(service.Address, request, Patience);
            if (answer is null || !operation.Succeeds(answer.Status))
                Report($"no success {when} all: {operation}, {call.ContentType}", request, answer);
        }
    }

    private Task<RawRequest> WriteAsync(ValidCall call, string credential) =>
        call.WriteAsync(service.Address, new Scene(service.Process.Http, credential, service.Mails));

    /// <summary>Writes the request to a file, byte for byte: <c>nc 127.0.0.1 8080 &lt; TestResults/hostile-1.http</c> repeats it.</summary>
    private void Report(string fault, RawRequest request, RawAnswer? answer)
    {
        var file = Path.Combine(TestResults.Folder, $"hostile-{service.Store}-{_violations.Count}.http");
        Directory.CreateDirectory(TestResults.Folder);
        File.WriteAllBytes(file, request.ToBytes());
        _violations.Add($"{fault} (seed {Effort.Seed}, {file})\n--- sent\n{request}\n--- answered\n{answer}");
    }

    public sealed class OnSqlite(FuzzedOnSqlite service) : MutatedRequestTests(service), IClassFixture<FuzzedOnSqlite>;

    public sealed class OnPostgres(FuzzedOnPostgres service) : MutatedRequestTests(service), IClassFixture<FuzzedOnPostgres>;
}

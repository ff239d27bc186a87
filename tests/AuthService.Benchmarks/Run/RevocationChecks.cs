using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using AuthService.Benchmarks.Machine;
using AuthService.Client.Revocations;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AuthService.Benchmarks.Run;

/// <summary>The cost of knowing revocations for a service that verifies tokens.</summary>
/// <param name="Nanoseconds">The CPU time of the check of a token that is not revoked.</param>
/// <param name="Allocated">The allocated bytes of that check.</param>
/// <param name="BytesOfEntry">The memory of one revocation.</param>
internal sealed record CostOfCheck(double Nanoseconds, double Allocated, double BytesOfEntry);

/// <summary>
/// Measures AuthService.Client's check of tokens among 120,000 revocations, on one thread. Most revocations are of sessions, some of principals, and some of
/// single tokens, for which each checked token is hashed.
/// </summary>
internal static class RevocationChecks
{
    private const int Revocations = 120_000;
    private const int Batch = 10_000;

    public static IReadOnlyList<CostOfCheck> Measure(IReadOnlyList<string> accessTokens, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var set = new RevocationSet();
        set.Add(Enumerable.Range(0, Revocations).Select(NewRevocation));
        var bytesOfEntry = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)set.Count;

        JsonWebToken[] tokens = [.. accessTokens.Select(token => new JsonWebToken(token))];
        Check(set, tokens, options.FirstWarmUp, cancellationToken);
        var costs = new List<CostOfCheck>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            Console.Error.WriteLine($"round {round} of {options.Rounds}: {Operations.RevocationCheck}");
            costs.Add(Check(set, tokens, options.Interval, cancellationToken) with { BytesOfEntry = bytesOfEntry });
        }

        return costs;
    }

    private static CostOfCheck Check(RevocationSet set, JsonWebToken[] tokens, TimeSpan interval, CancellationToken cancellationToken)
    {
        var (checks, refused, start) = (0L, 0, Stopwatch.GetTimestamp());
        var (cpu, allocated) = (ProcessCpu.Of(Environment.ProcessId), GC.GetAllocatedBytesForCurrentThread());
        while (Stopwatch.GetElapsedTime(start) < interval)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < Batch; i++)
                refused += set.Refuses(CheckedToken.Of(tokens[i % tokens.Length])) ? 1 : 0;
            checks += Batch;
        }

        if (refused > 0)
            throw new BenchmarkException("A token is refused that was not revoked");
        var spent = ProcessCpu.Of(Environment.ProcessId) - cpu;
        return new CostOfCheck(
            spent.TotalNanoseconds / checks, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)checks, BytesOfEntry: 0);
    }

    private static Revocation NewRevocation(int number) => (number % 20) switch
    {
        0 => new() { TokenHash = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), Until = 1 },
        1 => new() { Sub = $"_service-{number}", Before = 1, SecurityStamp = 1, Until = 1 },
        _ => new() { Sid = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), Until = 1 },
    };
}

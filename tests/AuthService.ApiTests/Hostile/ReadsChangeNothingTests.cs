using AuthService.ApiTests.Faults;
using AuthService.ApiTests.Hostile.Fuzzing;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// No GET or HEAD changes anything, because browsers, scanners and link previews send them without a user's intention. Only the last use of a session may
/// change.
/// </summary>
public sealed class ReadsChangeNothingTests(FuzzedOnPostgres service) : IClassFixture<FuzzedOnPostgres>
{
    /// <summary>The operation that returns a secret. It writes an audit entry.</summary>
    private const string Recorded = "/sessions/{uuid}/tokens/{tokenId}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task No_operation_that_reads_changes_anything()
    {
        var credential = await Scene.NewServiceCredentialAsync(service.Process.Http);
        var reads = service.Operations.Where(operation => operation.Method == HttpMethod.Get);
        var calls = reads.SelectMany(ValidCall.AllOf).Where(call => !call.NeedsProvider).ToList();
        Assert.InRange(calls.Count, 30, int.MaxValue);

        foreach (var call in calls)
        {
            var request = await call.WriteAsync(service.Address, new Scene(service.Process.Http, credential, service.Mails));
            foreach (var method in new[] { "GET", "HEAD" })
            {
                var before = await Footprint.TakeAsync(service.Database);
                var answer = await RawAnswer.OfAsync(service.Address, request with { Method = method }, Patience);
                Assert.True(answer is not null && call.Operation.Succeeds(answer.Status), $"{method} {call.Operation}: {answer}");
                var left = (await Footprint.TakeAsync(service.Database)).Since(before);
                Assert.True(left == (call.Operation.Path == Recorded ? "audit_events +1" : ""), $"{method} {call.Operation}: {left}");
            }
        }
    }
}

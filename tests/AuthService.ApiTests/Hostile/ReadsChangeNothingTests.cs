using AuthService.ApiTests.Faults;
using AuthService.ApiTests.Hostile.Fuzzing;
using Xunit;

namespace AuthService.ApiTests.Hostile;

/// <summary>
/// Browsers, scanners and previews of links call GET and HEAD without anybody wanting it: of all operations none that is called so changes anything.
/// That a session was used counts as no change.
/// </summary>
public sealed class ReadsChangeNothingTests(FuzzedOnPostgres service) : IClassFixture<FuzzedOnPostgres>
{
    /// <summary>Who was given a secret is on record.</summary>
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
                Assert.True(answer?.Status is >= 200 and < 300, $"{method} {call.Operation}: {answer}");
                var left = (await Footprint.TakeAsync(service.Database)).Since(before);
                Assert.True(left == (call.Operation.Path == Recorded ? "audit_events +1" : ""), $"{method} {call.Operation}: {left}");
            }
        }
    }
}

using AuthService.ApiTests.Hostile.Fuzzing;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Http;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>
/// Every documented operation that changes something is called as in its examples. It returns a receipt, and is documented to do so,
/// exactly if it wrote an entry of the feed.
/// </summary>
public abstract class ReceiptRouteTests(FuzzedService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Tables = ["ended_sessions", "revoked_tokens", "identity_revocations"];

    /// <summary>A sign-in revokes only a session that it replaces, and a person who resets their password mostly has no session.</summary>
    private static readonly string[] MostlyRevokeNothing =
    [
        "DELETE /admin/principals/{id}/identities/{identityId}", // needs an identity provider: see IdentityAdministrationTests
        "POST /account/not-me",
        "POST /api/password/reset/new",
        "POST /auth/2fa/challenge",
        "POST /auth/2fa/challenge/form",
        "POST /auth/login",
        "POST /auth/passkeys/login",
    ];

    [Fact]
    public async Task Whatever_revokes_gives_a_receipt_and_nothing_else_does()
    {
        var credential = await Scene.NewServiceCredentialAsync(service.Process.Http);
        var (faults, marked, revoking) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var operation in service.Operations.Where(operation => operation.Method != HttpMethod.Get))
        {
            if (IsMarked(operation))
                marked.Add($"{operation}");
            foreach (var call in ValidCall.AllOf(operation).Where(call => !call.NeedsAuthenticator && !call.NeedsProvider))
            {
                var (hasRevoked, hasReceipt) = await TryAsync(call, credential);
                if (hasRevoked)
                    revoking.Add($"{operation}");
                if (hasRevoked != hasReceipt)
                    faults.Add($"{operation} has revoked something: {hasRevoked}; it has a receipt: {hasReceipt}");
            }
        }

        Assert.True(faults.Count is 0, string.Join('\n', faults));
        Assert.Empty(revoking.Except(marked, StringComparer.Ordinal));
        var unseen = marked.Except(revoking, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(string.Join('\n', MostlyRevokeNothing), string.Join('\n', unseen));
    }

    private static bool IsMarked(ApiOperation operation) => operation.Answers.Any(answer =>
        answer.Status is >= 200 and < 300 && answer.Answer.TryGetProperty("headers", out var headers) && headers.TryGetProperty(Receipts.Header, out _));

    private static bool IsAboutOtherSessions(string path) =>
        path.StartsWith("/account/", StringComparison.Ordinal) || path.StartsWith("/admin/principals/{id}", StringComparison.Ordinal);

    private async Task<(bool HasRevoked, bool HasReceipt)> TryAsync(ValidCall call, string credential)
    {
        var scene = new Scene(service.Process.Http, credential, service.Mails);
        var request = await call.WriteAsync(service.Address, scene);
        if (IsAboutOtherSessions(call.Operation.Path))
            await scene.OtherSessionAsync();
        var before = await CountAsync();
        var answer = await RawAnswer.OfAsync(service.Address, request, Patience);
        Assert.True(answer is { Status: >= 200 and < 300 }, $"{call.Operation}: {answer}");
        return (await CountAsync() > before, answer.Header(Receipts.Header).Length > 0);
    }

    private async Task<long> CountAsync()
    {
        var count = 0L;
        foreach (var table in Tables)
            count += await service.Database.CountAsync(table);
        return count;
    }

    public sealed class OnSqlite(FuzzedOnSqlite service) : ReceiptRouteTests(service), IClassFixture<FuzzedOnSqlite>;

    public sealed class OnPostgres(FuzzedOnPostgres service) : ReceiptRouteTests(service), IClassFixture<FuzzedOnPostgres>;
}

using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Faults;

/// <summary>The synchronous standby is unreachable: a failover would lose what PostgreSQL commits without it.</summary>
public sealed class UnconfirmedCommitTests
{
    [Fact]
    public async Task Nothing_is_acknowledged_that_only_the_primary_has()
    {
        using var primary = await PostgresInstance.PrepareAsync();
        await primary.StartAsync("synchronous_commit=on");
        using var standby = await primary.PrepareStandbyAsync();
        await standby.StartAsync("synchronous_commit=on");
        await using var host = await AuthHost.StartOnAsync(TestDatabase.On(primary));
        var (person, service) = (await host.CreatePersonAsync(), await host.NewServiceTokenAsync());
        var session = await host.LoginAsync(person);
        await primary.ReplicateSynchronouslyAsync();
        await host.LoginAsync(person);

        await standby.CrashAsync();
        var calls = new Dictionary<string, Task<HttpResponseMessage>>(StringComparer.Ordinal)
        {
            ["a statement that others may share"] = host.TryClaimAsync(service, NewName("jti")),
            ["a transaction"] = host.TryLoginAsync(person.Id, person.Password),
            ["an insert"] = host.PostAsync(AppTokenCalls.Applications, service, new { name = "n" }),
            ["a revocation"] = host.PostAsync("/auth/logout", session.RefreshToken),
        };

        foreach (var (what, answer) in calls)
        {
            using var response = await answer;
            Assert.True(response.StatusCode is HttpStatusCode.ServiceUnavailable, $"{what} was answered {response.StatusCode}");
            Assert.NotNull(response.Headers.RetryAfter);
        }

        await standby.StartAgainAsync();
        while (await primary.ExecuteAsync("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") is not 1L)
            await Task.Delay(50);
        await host.LoginAsync(person);
        ProofTable.Add("Faults", "Commits without the synchronous standby", $"{calls.Count} calls, 0 acknowledged");
    }
}

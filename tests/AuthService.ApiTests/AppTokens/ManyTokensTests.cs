using System.Net;
using AuthService.ApiTests.Hosting;
using Npgsql;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;

namespace AuthService.ApiTests.AppTokens;

/// <summary>With very many tokens of an application a statement takes longer than others may. SQLite has no limit for that.</summary>
[Collection("postgres")]
public sealed class ManyTokensTests
{
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longer = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Revoking_all_and_deleting_the_application_may_take_longer_than_other_statements()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(Store.Postgres);
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { CommandTimeout = (int)UsualLimit.TotalSeconds };
        await using var host = await AuthHost.StartOnAsync(database, new() { ["ConnectionStrings:Postgres"] = connection.ConnectionString });
        var service = await host.NewServiceTokenAsync();
        var applications = new List<Application>();
        while (applications.Count < 3)
        {
            applications.Add(await host.CreateApplicationAsync(service));
            await host.OpenDashboardAsync(service, applications[^1]);
        }

        Task<HttpResponseMessage>[] calls;
        await using (var slow = await database.BeginAsync("SELECT 1 FROM app_tokens FOR UPDATE"))
        {
            calls =
            [
                host.PostAsync(ExpireAllOf(applications[0].Uid), service, new { }),
                host.PostAsync(ExpireAllOf(applications[1].Uid), service, new { expiry = 60 }),
                host.DeleteAsync(PathOf(applications[2].Uid), service),
            ];
            foreach (var call in calls)
                await slow.ExpectToHoldUpAsync(call);
            await Task.Delay(Longer);
        }

        foreach (var call in calls)
            await call.ExpectAsync(HttpStatusCode.NoContent);
    }
}

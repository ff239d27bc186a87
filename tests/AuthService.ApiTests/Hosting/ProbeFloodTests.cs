using System.Net;
using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>However many probes ask whether the service is ready, it queries its database only once a second.</summary>
public abstract class ProbeFloodTests(AuthHost host)
{
    [Fact]
    public async Task Probes_share_one_question_to_the_database_and_it_is_SELECT_1()
    {
        await using var probed = await host.StartTwinAsync(new()
        {
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "Information",
            ["CleanUp:Interval"] = "1.00:00:00",
        });
        using var frozen = host.Clock.Freeze();
        for (var second = 0; second < 3; second++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            var before = ListQuestions(probed).Count;

            await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => probed.GetAsync("/health/ready").ExpectAsync(HttpStatusCode.OK)));

            var question = Assert.Single(ListQuestions(probed).Skip(before));
            Assert.DoesNotContain("__EFMigrationsHistory", question, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_has_a_budget_of_probes()
    {
        await using var limited = await host.StartTwinAsync(new() { ["RateLimits:Enabled"] = "true", ["RateLimits:ProbesPerIpPerSecond"] = "8" });
        using var frozen = host.Clock.Freeze();
        host.Clock.Advance(TimeSpan.FromSeconds(1)); // the budget that the start used is available again

        var statuses = new List<HttpStatusCode>();
        foreach (var probe in Enumerable.Range(0, 20))
        {
            using var answer = await limited.GetAsync(probe % 2 is 0 ? "/health/live" : "/health/ready");
            statuses.Add(answer.StatusCode);
        }

        Assert.All(statuses.Take(8), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(statuses.Skip(8), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
    }

    /// <summary>Returns whether the statement is that of a probe. Workers also send SELECT 1, but FROM a table.</summary>
    private static bool IsProbe(string line) =>
        line.Contains("SELECT 1", StringComparison.Ordinal) && !line.Contains("FROM", StringComparison.Ordinal);

    private static List<string> ListQuestions(AuthHost probed) =>
    [
        .. probed.Log.Lines.Where(line => line.Contains("Executed DbCommand", StringComparison.Ordinal)
            && (IsProbe(line) || line.Contains("__EFMigrationsHistory", StringComparison.Ordinal))),
    ];

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ProbeFloodTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ProbeFloodTests(store.Host);
}

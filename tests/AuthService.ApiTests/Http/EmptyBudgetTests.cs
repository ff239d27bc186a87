using System.Net;
using System.Security.Cryptography;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>Once an address has used up its rate limit, its credentials are neither verified nor looked up.</summary>
public abstract class EmptyBudgetTests(AuthHost host)
{
    private const int Budget = 5;
    private const string Path = "/api/v1/app/";

    [Theory]
    [InlineData("sk_", "api_keys")]
    [InlineData("appsk_", "app_tokens")]
    public async Task Made_up_credentials_beyond_the_budget_never_reach_the_database(string prefix, string table)
    {
        await using var limited = await StartAsync();
        using var frozen = host.Clock.Freeze();

        var refused = 0;
        for (var call = 0; call < 4 * Budget; call++)
        {
            using var answer = await limited.GetAsync(Path, prefix + Convert.ToHexString(RandomNumberGenerator.GetBytes(22))[..43]);
            refused += answer.StatusCode is HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        var lookUps = limited.Log.Lines.Count(line => line.Contains("Executed DbCommand", StringComparison.Ordinal)
            && line.Contains(table, StringComparison.Ordinal) && !line.Contains("DELETE", StringComparison.Ordinal));
        Assert.Equal((3 * Budget, Budget), (refused, lookUps));
    }

    [Fact]
    public async Task A_key_that_was_valid_a_moment_ago_passes_until_it_is_revoked()
    {
        var (known, other) = (await host.NewApiKeyAsync(), await host.NewApiKeyAsync());
        await using var limited = await StartAsync();
        using var frozen = host.Clock.Freeze();
        await limited.GetAsync(Path, known.Key).ExpectAsync(HttpStatusCode.OK);
        await UseUpAsync(limited);

        await limited.GetAsync(Path, known.Key).ExpectAsync(HttpStatusCode.OK);
        await limited.GetAsync(Path, other.Key).ExpectAsync(HttpStatusCode.TooManyRequests);
        await host.RevokeAsync(known);
        await limited.GetAsync(Path, known.Key).ExpectAsync(HttpStatusCode.TooManyRequests);

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await limited.GetAsync(Path, other.Key).ExpectAsync(HttpStatusCode.OK);
        await limited.GetAsync(Path, known.Key).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_credential_is_remembered_for_ten_minutes_after_its_last_use()
    {
        var key = await host.NewApiKeyAsync();
        await using var limited = await StartAsync();
        using var frozen = host.Clock.Freeze();
        await limited.GetAsync(Path, key.Key).ExpectAsync(HttpStatusCode.OK);

        host.Clock.Advance(TimeSpan.FromMinutes(10));
        await UseUpAsync(limited);
        await limited.GetAsync(Path, key.Key).ExpectAsync(HttpStatusCode.OK);

        host.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        await UseUpAsync(limited);
        await limited.GetAsync(Path, key.Key).ExpectAsync(HttpStatusCode.TooManyRequests);
    }

    private static async Task UseUpAsync(AuthHost limited)
    {
        for (var call = 0; call < Budget; call++)
            await limited.GetAsync(Path, "no token").ExpectAsync(HttpStatusCode.Unauthorized);
    }

    private Task<AuthHost> StartAsync() => host.StartTwinAsync(new()
    {
        ["RateLimits:Enabled"] = "true",
        ["RateLimits:PerIpPerSecond"] = $"{Budget}",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "Information",
    });

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : EmptyBudgetTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : EmptyBudgetTests(store.Host);
}

using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;

namespace AuthService.ApiTests.Http;

/// <summary>A signed-in principal has one rate limit for all APIs and all addresses together.</summary>
public abstract class PrincipalBudgetTests(AuthHost host)
{
    [Fact]
    public async Task A_person_has_a_budget_on_all_apis_together()
    {
        var (one, other) = ((await host.SignedInPersonAsync()).AccessToken, (await host.SignedInPersonAsync()).AccessToken);
        await using var limited = await StartAsync();
        using var frozen = host.Clock.Freeze();

        foreach (var path in new[] { "/auth/sessions", "/account/auth/sessions", "/auth/sessions" })
            await limited.GetAsync(path, one).ExpectAsync(HttpStatusCode.OK);
        await limited.GetAsync("/admin/principals", one).ExpectAsync(HttpStatusCode.Forbidden);
        foreach (var path in new[] { "/auth/sessions", "/account/auth/sessions", "/admin/principals", "/api/v1/app/", "/sessions/x" })
            await limited.GetAsync(path, one).RefusalAsync(HttpStatusCode.TooManyRequests);

        await limited.GetAsync("/auth/sessions", other).ExpectAsync(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromSeconds(0.5));
        await limited.GetAsync("/auth/sessions", one).ExpectAsync(HttpStatusCode.OK);
        await limited.DeleteAsync("/account/auth/sessions", one).RefusalAsync(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Services_and_administrators_have_another_one()
    {
        var tokens = new[] { await host.NewServiceTokenAsync(), await host.AdminTokenAsync() };
        await using var limited = await StartAsync();
        using var frozen = host.Clock.Freeze();

        foreach (var token in tokens)
        {
            for (var call = 0; call < 6; call++)
                await limited.DeleteAsync("/sessions/expired", token).ExpectAsync(HttpStatusCode.NoContent);
            await limited.DeleteAsync("/sessions/expired", token).RefusalAsync(HttpStatusCode.TooManyRequests);
        }
    }

    [Fact]
    public async Task Polls_of_the_feed_are_not_taken_from_it()
    {
        var service = await host.NewServiceTokenAsync();
        await using var limited = await StartAsync();
        using var frozen = host.Clock.Freeze();

        for (var validator = 0; validator < 20; validator++)
            await limited.ReadFeedAsync(service, cursor: null, wait: 0);

        await limited.DeleteAsync("/sessions/expired", service).ExpectAsync(HttpStatusCode.NoContent);
    }

    private Task<AuthHost> StartAsync() => host.StartTwinAsync(new()
    {
        ["RateLimits:Enabled"] = "true",
        ["RateLimits:PerUserPerSecond"] = "2",
        ["RateLimits:PerUserBurst"] = "4",
        ["RateLimits:PerServicePerSecond"] = "3",
        ["RateLimits:PerServiceBurst"] = "6",
    });

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : PrincipalBudgetTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : PrincipalBudgetTests(store.Host);
}

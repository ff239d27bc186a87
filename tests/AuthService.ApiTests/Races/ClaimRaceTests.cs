using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>Two instances on one database: of many claims of one token exactly one succeeds.</summary>
public abstract class ClaimRaceTests(AuthHost host)
{
    private const int Attempts = 100;

    [Fact]
    public async Task Of_100_parallel_claims_on_two_instances_one_succeeds()
    {
        await using var twin = await host.StartTwinAsync();
        string[] services = [await host.NewServiceTokenAsync(), await host.NewServiceTokenAsync(), await host.AdminTokenAsync()];
        var jti = NewName("jti");

        var statuses = await Task.WhenAll(Enumerable.Range(0, Attempts).Select(i => ClaimAsync(i % 2 == 0 ? host : twin, services[i % 3], jti, inBody: i % 5 == 0)));

        Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.NoContent));
        Assert.Equal(Attempts - 1, statuses.Count(status => status is HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.Conflict, await ClaimAsync(twin, services[0], jti, inBody: false));
    }

    [Fact]
    public async Task Many_tokens_at_once_are_each_claimed_once()
    {
        await using var twin = await host.StartTwinAsync();
        var service = await host.NewServiceTokenAsync();
        var tokens = Enumerable.Range(0, 20).Select(_ => NewName("jti")).ToArray();

        var claims = await Task.WhenAll(tokens.SelectMany(jti => new[] { host, twin, host }, async (jti, instance) =>
            (Jti: jti, Status: await ClaimAsync(instance, service, jti, inBody: true))));

        Assert.All(claims.GroupBy(claim => claim.Jti, StringComparer.Ordinal), group =>
            Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.Conflict], group.Select(claim => claim.Status).Order()));
    }

    private static async Task<HttpStatusCode> ClaimAsync(AuthHost instance, string service, string jti, bool inBody)
    {
        using var response = inBody
            ? await instance.PostAsync("/auth/claim", service, new { jti })
            : await instance.TryClaimAsync(service, jti);
        return response.StatusCode;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ClaimRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ClaimRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : ClaimRaceTests(store.Host);
}

using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>When many callers claim one token, exactly one succeeds, and no later claim does.</summary>
public abstract class ClaimRaceTests(Twins twins)
{
    [Fact]
    public Task Of_a_few_claims_at_once_one_succeeds() =>
        ClaimAsync("claim of one token, by a few", Effort.Of(200, 10_000), round => round.Between(2, 8));

    [Fact]
    public Task Of_100_claims_at_once_one_succeeds() =>
        ClaimAsync("claim of one token, by 100", Effort.Of(4, 200), _ => 100);

    private async Task ClaimAsync(string race, int rounds, Func<Round, int> callersOf)
    {
        string[] services = [await twins.One.NewServiceTokenAsync(), await twins.One.NewServiceTokenAsync(), await twins.One.AdminTokenAsync()];
        await twins.PlayAsync(race, rounds, async round =>
        {
            var (jti, callers) = (NewName("jti"), callersOf(round));

            var statuses = await round.AtOnceAsync(callers, (instance, caller) => ClaimAsync(instance, services[caller % 3], jti, inBody: caller % 2 == 0));

            Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.NoContent));
            Assert.Equal(callers - 1, statuses.Count(status => status is HttpStatusCode.Conflict));
            Assert.Equal(HttpStatusCode.Conflict, await ClaimAsync(round.Either(), services[0], jti, inBody: false));
        });
    }

    private static async Task<HttpStatusCode> ClaimAsync(AuthHost instance, string service, string jti, bool inBody)
    {
        using var response = inBody
            ? await instance.PostAsync("/auth/claim", service, new { jti })
            : await instance.TryClaimAsync(service, jti);
        return response.StatusCode;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : ClaimRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : ClaimRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : ClaimRaceTests(twins);
}

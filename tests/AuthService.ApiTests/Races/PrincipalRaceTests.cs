using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>Administrators do the same thing at the same time.</summary>
public abstract class PrincipalRaceTests(Twins twins)
{
    [Fact]
    public async Task Of_many_that_take_one_name_in_several_spellings_one_gets_it()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("creation of one name", Effort.Of(20, 1_000), async round =>
        {
            var (name, callers) = (NewName("kelvin"), round.Between(2, 12));
            string[] spellings = [name, name.ToUpperInvariant(), $"\u212A{name[1..]}", $"\uFF2B{name[1..]}"];

            var statuses = await round.AtOnceAsync(callers, (instance, i) =>
                StatusAsync(instance.PostAsync("/admin/principals", admin, new { id = spellings[i % 4] })));

            Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.Created));
            Assert.Equal(callers - 1, statuses.Count(status => status is HttpStatusCode.Conflict));
        });
    }

    [Fact]
    public async Task Of_changes_of_role_and_state_made_at_once_each_is_done_or_refused_as_a_conflict()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("changes of role and state", Effort.Of(20, 1_000), async round =>
        {
            var path = $"/admin/principals/{(await round.Either().CreatePersonAsync()).Id}";

            var statuses = await round.AtOnceAsync(round.Between(2, 8), (instance, i) =>
                StatusAsync(instance.PatchAsync(path, admin, new { role = i % 3 == 0 ? "USER" : "ADMIN", state = "ENABLED" })));

            Assert.Contains(HttpStatusCode.OK, statuses);
            Assert.All(statuses, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{status}"));
            await round.Either().GetAsync(path, admin).ExpectAsync(HttpStatusCode.OK);
        });
    }

    [Fact]
    public async Task Of_credentials_renewed_at_once_exactly_one_works()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("renewals of one credential", Effort.Of(20, 1_000), async round =>
        {
            var service = await round.Either().CreateServiceAsync();
            var renewals = await round.AtOnceAsync(round.Between(2, 8), async (instance, _) =>
            {
                using var response = await instance.PostAsync($"/admin/principals/{service.Id}/refresh-token", admin);
                return response.StatusCode is HttpStatusCode.Conflict ? null : (await response.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken");
            });

            var statuses = await round.AtOnceAsync(renewals.Length, (instance, i) =>
                StatusAsync(instance.TryRefreshAsync(renewals[i] ?? service.RefreshToken)));

            Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.OK));
        });
    }

    [Fact]
    public async Task Of_deletions_made_at_once_one_is_done()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("deletions of one person", Effort.Of(20, 1_000), async round =>
        {
            var path = $"/admin/principals/{(await round.Either().CreatePersonAsync()).Id}";

            var statuses = await round.AtOnceAsync(round.Between(2, 6), (instance, _) => StatusAsync(instance.DeleteAsync(path, admin)));

            Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.NoContent));
            Assert.All(statuses, status => Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.NotFound or HttpStatusCode.Conflict, $"{status}"));
        });
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.StatusCode;
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : PrincipalRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : PrincipalRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : PrincipalRaceTests(twins);
}

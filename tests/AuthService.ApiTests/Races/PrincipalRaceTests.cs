using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>Administrators who do the same thing at the same moment, on two instances.</summary>
public abstract class PrincipalRaceTests(AuthHost host)
{
    [Fact]
    public async Task Of_many_that_take_one_name_in_several_spellings_one_gets_it()
    {
        await using var twin = await host.StartTwinAsync();
        var admin = await host.AdminTokenAsync();
        var name = NewName("kelvin");
        string[] spellings = [name, name.ToUpperInvariant(), $"\u212A{name[1..]}", $"\uFF2B{name[1..]}"];

        var statuses = await StatusesAsync(24, i => (i % 2 == 0 ? host : twin).PostAsync("/admin/principals", admin, new { id = spellings[i % 4] }));

        Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.Created));
        Assert.Equal(23, statuses.Count(status => status is HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Of_changes_of_standing_made_at_once_each_is_done_or_refused_as_a_conflict()
    {
        await using var twin = await host.StartTwinAsync();
        var admin = await host.AdminTokenAsync();
        var person = await host.CreatePersonAsync();
        var path = $"/admin/principals/{person.Id}";

        var statuses = await StatusesAsync(16, i => (i % 2 == 0 ? host : twin).PatchAsync(path, admin, new { role = i % 3 == 0 ? "USER" : "ADMIN", state = "ENABLED" }));

        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.All(statuses, status => Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{status}"));
        await host.GetAsync(path, admin).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_credentials_renewed_at_once_exactly_one_works()
    {
        await using var twin = await host.StartTwinAsync();
        var admin = await host.AdminTokenAsync();
        var service = await host.CreateServiceAsync();
        var renewals = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using var response = await (i % 2 == 0 ? host : twin).PostAsync($"/admin/principals/{service.Id}/refresh-token", admin);
            return response.StatusCode is HttpStatusCode.Conflict ? null : (await response.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken");
        }));

        var statuses = await StatusesAsync(renewals.Length, i => host.TryRefreshAsync(renewals[i] ?? service.RefreshToken));

        Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.OK));
    }

    [Fact]
    public async Task Of_deletions_made_at_once_one_is_done()
    {
        await using var twin = await host.StartTwinAsync();
        var admin = await host.AdminTokenAsync();
        var person = await host.CreatePersonAsync();

        var statuses = await StatusesAsync(8, i => (i % 2 == 0 ? host : twin).DeleteAsync($"/admin/principals/{person.Id}", admin));

        Assert.Equal(1, statuses.Count(status => status is HttpStatusCode.NoContent));
        Assert.All(statuses, status => Assert.True(status is HttpStatusCode.NoContent or HttpStatusCode.NotFound or HttpStatusCode.Conflict, $"{status}"));
    }

    private static Task<HttpStatusCode[]> StatusesAsync(int count, Func<int, Task<HttpResponseMessage>> call) => Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
    {
        using var response = await call(i);
        return response.StatusCode;
    }));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PrincipalRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PrincipalRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : PrincipalRaceTests(store.Host);
}

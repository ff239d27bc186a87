using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>An extension that races the end of what it comes from: after the end was acknowledged nothing new comes of it.</summary>
public abstract class ExtensionRaceTests(AuthHost host)
{
    private const int Rounds = 12;

    [Fact]
    public async Task An_extension_that_races_a_sign_out_wins_or_loses_and_none_wins_afterwards()
    {
        await using var twin = await host.StartTwinAsync();
        var caller = await host.NewServiceTokenAsync("_svc");
        var person = await host.CreatePersonAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var session = await host.LoginAsync(person);
            var extending = Enumerable.Range(0, 4).Select(i => ExtendAsync(i % 2 == 0 ? host : twin, caller, session.AccessToken)).ToArray();
            await host.PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

            Assert.Null(await ExtendAsync(twin, caller, session.AccessToken));
            Assert.Null(await ExtendAsync(host, caller, session.AccessToken));
            foreach (var refreshToken in (await Task.WhenAll(extending)).OfType<string>())
                await host.RefreshAsync(refreshToken);
        }
    }

    /// <summary>A delegated session dies with its principal, also when it is being made at that very moment.</summary>
    [Fact]
    public async Task Nothing_that_an_extension_made_survives_a_deletion_that_it_raced()
    {
        await using var twin = await host.StartTwinAsync();
        var (caller, admin) = (await host.NewServiceTokenAsync("_svc"), await host.AdminTokenAsync());
        for (var round = 0; round < Rounds; round++)
        {
            var person = await host.CreatePersonAsync();
            var session = await host.LoginAsync(person);
            var extending = Enumerable.Range(0, 4).Select(i => ExtendAsync(i % 2 == 0 ? host : twin, caller, session.AccessToken)).ToArray();
            await host.DeleteAsync($"/admin/principals/{person.Id}", admin).ExpectAsync(HttpStatusCode.NoContent);

            Assert.Null(await ExtendAsync(twin, caller, session.AccessToken));
            foreach (var refreshToken in (await Task.WhenAll(extending)).OfType<string>())
                await twin.TryRefreshAsync(refreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        }
    }

    /// <returns>The refresh token of the delegated session; null when the token did not hold any more.</returns>
    private static async Task<string?> ExtendAsync(AuthHost instance, string caller, string token)
    {
        using var response = await instance.TryExtendAsync(caller, token, ["files:read"], allowRefreshes: true);
        return response.StatusCode is HttpStatusCode.Unauthorized ? null : (await response.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken");
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ExtensionRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ExtensionRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : ExtensionRaceTests(store.Host);
}

using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>What an administrator or a service ends while it is in use, on two instances.</summary>
public abstract class AdministrationRaceTests(AuthHost host)
{
    private const int Rounds = 12;

    [Fact]
    public async Task No_refresh_that_begins_after_a_revoke_all_succeeds_and_nothing_minted_before_holds()
    {
        await using var twin = await host.StartTwinAsync();
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        for (var round = 0; round < Rounds; round++)
        {
            var sessions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.LoginAsync(person)));
            var racing = sessions.SelectMany(session => new[] { host.TryRefreshAsync(session.RefreshToken), twin.TryRefreshAsync(session.RefreshToken) }).ToArray();

            var answer = await twin.DeleteAsync(Administration.SessionsOf(person.Id), admin).ExpectAsync(HttpStatusCode.OK);

            Assert.Equal(4, answer.GetProperty("revoked").GetInt32());
            foreach (var session in sessions)
                await host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
            foreach (var refresh in racing)
            {
                using var response = await refresh;
                if (response.StatusCode is HttpStatusCode.OK)
                    Assert.False(await host.HoldsAsync((await response.ExpectAsync(HttpStatusCode.OK)).Text("accessToken")));
            }
        }
    }

    [Fact]
    public async Task Each_session_is_counted_by_one_of_many_revoke_alls()
    {
        await using var twin = await host.StartTwinAsync();
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < 5; i++)
                await host.LoginAsync(person);

            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
                (i % 2 == 0 ? host : twin).DeleteAsync(Administration.SessionsOf(person.Id), admin).ExpectAsync(HttpStatusCode.OK)));

            Assert.Equal(5, answers.Sum(answer => answer.GetProperty("revoked").GetInt32()));
        }
    }

    /// <summary>What is being made of a session at that moment was begun before the revocation, so it must not outlive it.</summary>
    [Fact]
    public async Task Nothing_that_an_extension_made_survives_a_revoke_all_that_it_raced()
    {
        await using var twin = await host.StartTwinAsync();
        var (caller, admin) = (await host.NewServiceTokenAsync("_svc"), await host.AdminTokenAsync());
        var person = await host.CreatePersonAsync();
        for (var round = 0; round < 3 * Rounds; round++)
        {
            var session = await host.LoginAsync(person);
            var extending = Enumerable.Range(0, 6).Select(i => ExtendAsync(i % 2 == 0 ? host : twin, caller, session.AccessToken)).ToArray();
            await Task.Delay(round % 8);
            await twin.DeleteAsync(Administration.SessionsOf(person.Id), admin).ExpectAsync(HttpStatusCode.OK);

            foreach (var refreshToken in (await Task.WhenAll(extending)).OfType<string>())
                await host.TryRefreshAsync(refreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Of_many_who_revoke_one_token_without_a_session_all_are_answered_and_one_is_on_record()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, admin) = (await host.CreateServiceAsync(), await host.AdminTokenAsync());
        var token = await host.ServiceTokenAsync(service.RefreshToken);

        foreach (var response in await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? host : twin).RevokeAsync(admin, token))))
            await response.ExpectAsync(HttpStatusCode.OK);

        Assert.False(await host.HoldsAsync(token));
        Assert.False(await twin.HoldsAsync(token));
        Assert.Single(await host.AuditAsync(admin, $"?principal={service.Id}&event=token_revoked"));
    }

    [Fact]
    public async Task Pages_of_the_record_are_complete_while_many_write()
    {
        await using var twin = await host.StartTwinAsync();
        var (person, admin) = (await host.CreatePersonAsync(), await host.AdminTokenAsync());
        for (var i = 0; i < 20; i++)
            await host.LoginAsync(person);
        var before = (await host.AuditAsync(admin, "?limit=100")).Numbers();
        using var done = new CancellationTokenSource();
        var writing = new[] { host, twin }.Select(instance => WriteAsync(instance, person, done.Token)).ToArray();

        var paged = (await host.AuditPagesAsync(admin, $"from={host.Clock.GetUtcNow().AddDays(-1):yyyy-MM-dd}", limit: 7)).Numbers();
        await done.CancelAsync();
        await Task.WhenAll(writing);

        Assert.Equal(before, paged.Where(before.Contains));
        Assert.Equal(paged.Length, paged.Distinct().Count());
    }

    private static async Task WriteAsync(AuthHost instance, Person person, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
            await instance.LoginAsync(person);
    }

    private static async Task<string?> ExtendAsync(AuthHost instance, string caller, string token)
    {
        using var response = await instance.TryExtendAsync(caller, token, ["files:read"], allowRefreshes: true);
        return response.StatusCode is HttpStatusCode.Unauthorized ? null : (await response.ExpectAsync(HttpStatusCode.OK)).Text("refreshToken");
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AdministrationRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AdministrationRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : AdministrationRaceTests(store.Host);
}

using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>An administrator or a service revokes something while it is in use.</summary>
public abstract class AdministrationRaceTests(Twins twins)
{
    private static readonly int Rounds = Effort.Of(20, 1_000);

    [Fact]
    public async Task No_refresh_that_begins_after_a_revoke_all_succeeds_and_nothing_minted_before_holds()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("refresh against revoke-all", Rounds, async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            var sessions = await round.AtOnceAsync(round.Between(1, 4), (instance, _) => instance.LoginAsync(person));
            var racing = round.Start(2 * sessions.Length, (instance, caller) => instance.TryRefreshAsync(sessions[caller / 2].RefreshToken));
            await round.PauseAsync();

            var answer = await round.Either().DeleteAsync(Administration.SessionsOf(person.Id), admin).ExpectAsync(HttpStatusCode.OK);

            Assert.Equal(sessions.Length, answer.GetProperty("revoked").GetInt32());
            foreach (var session in sessions)
                await round.Either().TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
            foreach (var refresh in racing)
            {
                using var response = await refresh;
                if (response.StatusCode is HttpStatusCode.OK)
                    Assert.False(await round.Either().HoldsAsync((await response.ExpectAsync(HttpStatusCode.OK)).Text("accessToken")));
            }
        });
    }

    [Fact]
    public async Task Each_session_is_counted_by_one_of_many_revoke_alls()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("revoke-alls at once", Rounds, async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            var sessions = await round.AtOnceAsync(round.Between(1, 5), (instance, _) => instance.LoginAsync(person));

            var answers = await round.AtOnceAsync(round.Between(2, 6), (instance, _) =>
                instance.DeleteAsync(Administration.SessionsOf(person.Id), admin).ExpectAsync(HttpStatusCode.OK));

            Assert.Equal(sessions.Length, answers.Sum(answer => answer.GetProperty("revoked").GetInt32()));
        });
    }

    /// <summary>A derived token that is created at that moment was begun before the revocation, so it must not outlive it.</summary>
    [Fact]
    public async Task Nothing_that_an_extension_made_survives_a_revoke_all_that_it_raced()
    {
        var (caller, admin) = (await twins.One.NewServiceTokenAsync("_svc"), await twins.One.AdminTokenAsync());
        await twins.PlayAsync("extension against revoke-all", Effort.Of(40, 5_000), async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            var session = await round.Either().LoginAsync(person);
            var extending = round.Start(round.Between(2, 6), (instance, _) => ExtendAsync(instance, caller, session.AccessToken));
            await round.PauseAsync();
            await round.Either().DeleteAsync(Administration.SessionsOf(person.Id), admin).ExpectAsync(HttpStatusCode.OK);

            var won = (await Task.WhenAll(extending)).OfType<string>().ToArray();
            foreach (var refreshToken in won)
                await round.Either().TryRefreshAsync(refreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
            round.WasClose = won.Length > 0 && won.Length < extending.Length;
        });
    }

    [Fact]
    public async Task Of_many_who_revoke_one_token_without_a_session_all_are_answered_and_one_is_on_record()
    {
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("revocations of one token", Rounds, async round =>
        {
            var service = await round.Either().CreateServiceAsync();
            var token = await round.Either().ServiceTokenAsync(service.RefreshToken);

            foreach (var response in await round.AtOnceAsync(round.Between(2, 8), (instance, _) => instance.RevokeAsync(admin, token)))
                await response.ExpectAsync(HttpStatusCode.OK);

            Assert.False(await twins.One.HoldsAsync(token));
            Assert.False(await twins.Other.HoldsAsync(token));
            Assert.Single(await round.Either().AuditAsync(admin, $"?principal={service.Id}&event=token_revoked"));
        });
    }

    [Fact]
    public async Task Pages_of_the_record_are_complete_while_many_write()
    {
        var (host, person, admin) = (twins.One, await twins.One.CreatePersonAsync(), await twins.One.AdminTokenAsync());
        var from = $"from={host.Clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}";
        for (var i = 0; i < 60; i++)
            await host.LoginAsync(person);
        var before = (await host.AuditAsync(admin, $"?limit=100&{from}")).Numbers();
        using var done = new CancellationTokenSource();
        var writing = new[] { twins.One, twins.Other }.Select(instance => WriteAsync(instance, person, done.Token)).ToArray();

        var paged = (await host.AuditPagesAsync(admin, from, limit: 7)).Numbers();
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

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : AdministrationRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : AdministrationRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : AdministrationRaceTests(twins);
}

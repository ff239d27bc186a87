using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Refreshes race revocations. The moment when the revocation is acknowledged decides: no call that begins later gets a token, and no token from a
/// racing call is accepted.
/// </summary>
public abstract class RevocationRaceTests(Twins twins)
{
    [Fact]
    public async Task A_refresh_that_races_a_logout_loses()
    {
        var person = await twins.One.CreatePersonAsync();

        var (rounds, close) = await twins.PlayAsync("refresh against logout", Effort.Of(200, 10_000), async round =>
        {
            var session = await round.Either().LoginAsync(person);
            if (round.Maybe())
                twins.One.Clock.Advance(TimeSpan.FromSeconds(61)); // so that the refreshes of this round write to the database
            var revoking = round.Either();

            var minted = await new Refreshing(round, (instance, _) => instance.TryRefreshAsync(session.RefreshToken))
                .AgainstAsync(() => revoking.PostAsync("/auth/logout", session.RefreshToken));

            await ExpectRefusedAsync(round, [session.AccessToken, .. minted.TakeLast(2)]);
        });

        Assert.True(close > rounds / 20, $"Only in {close} rounds a refresh succeeded while the logout was on its way: this is no race");
    }

    [Fact]
    public async Task A_webRefresh_that_races_a_webLogout_loses()
    {
        var person = await twins.One.CreatePersonAsync();

        await twins.PlayAsync("refresh against logout, by cookie", Effort.Of(60, 5_000), async round =>
        {
            var session = await round.Either().LoginAsync(person, "web");
            var revoking = round.Either();

            var minted = await new Refreshing(round, (instance, _) => instance.TryWebRefreshAsync(session))
                .AgainstAsync(() => revoking.TryWebLogoutAsync(session));

            await ExpectRefusedAsync(round, [session.AccessToken, .. minted.TakeLast(2)]);
        });
    }

    [Fact]
    public async Task A_refresh_that_races_bulkInvalidate_loses()
    {
        var (person, service) = (await twins.One.CreatePersonAsync(), await twins.One.NewServiceTokenAsync());

        var (rounds, close) = await twins.PlayAsync("refresh against bulk invalidation", Effort.Of(200, 10_000), async round =>
        {
            var sessions = await SignInAsync(round, person);
            var revoking = round.Either();

            var minted = await new Refreshing(round, (instance, caller) => instance.TryRefreshAsync(sessions[caller % sessions.Length].RefreshToken))
                .AgainstAsync(() => revoking.PostAsync("/auth/logout/bulk", service, new { tokens = sessions.Select(session => session.RefreshToken) }));

            await ExpectRefusedAsync(round, [.. sessions.Select(session => session.AccessToken), .. minted.TakeLast(2)]);
        });

        Assert.True(close > rounds / 20, $"Only in {close} rounds a refresh succeeded while the invalidation was on its way: this is no race");
    }

    [Theory]
    [InlineData("invalidateSessions")]
    [InlineData("password")]
    [InlineData("role")]
    [InlineData("disable")]
    [InlineData("delete")]
    public async Task A_refresh_that_races_any_other_revocation_loses(string how)
    {
        var admin = await twins.One.AdminTokenAsync();

        await twins.PlayAsync($"refresh against {how}", Effort.Of(12, 1_000), async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            var sessions = await SignInAsync(round, person);
            var revoking = round.Either();

            var minted = await new Refreshing(round, (instance, caller) => instance.TryRefreshAsync(sessions[caller % sessions.Length].RefreshToken))
                .AgainstAsync(() => RevokeAsync(revoking, how, person, sessions[0].AccessToken, admin));

            await ExpectRefusedAsync(round, [.. sessions.Select(session => session.AccessToken), .. minted.TakeLast(2)]);
        });
    }

    [Fact]
    public async Task A_renewal_of_a_service_refresh_token_beats_the_refreshes_of_the_old_one()
    {
        var admin = await twins.One.AdminTokenAsync();

        await twins.PlayAsync("refresh against renewal of the credential", Effort.Of(20, 1_000), async round =>
        {
            var service = await round.Either().CreateServiceAsync();
            var revoking = round.Either();

            var minted = await new Refreshing(round, (instance, _) => instance.TryRefreshAsync(service.RefreshToken))
                .AgainstAsync(() => revoking.PostAsync($"/admin/principals/{service.Id}/refresh-token", admin));

            foreach (var token in minted.TakeLast(3))
                await round.Either().PostAsync($"/auth/claim?jti={Guid.NewGuid()}", token).ExpectAsync(HttpStatusCode.Unauthorized);
        });
    }

    private static Task<HttpResponseMessage> RevokeAsync(AuthHost host, string how, Person person, string accessToken, string admin) => how switch
    {
        "invalidateSessions" => host.DeleteAsync("/auth/sessions", accessToken),
        "password" => host.PutAsync($"/admin/principals/{person.Id}/password", admin, new { password = "Zebra-41-Lantern-Quartz!" }),
        "role" => host.PatchAsync($"/admin/principals/{person.Id}", admin, new { role = "ADMIN" }),
        "disable" => host.PatchAsync($"/admin/principals/{person.Id}", admin, new { state = "DISABLED" }),
        _ => host.DeleteAsync($"/admin/principals/{person.Id}", admin),
    };

    private static Task<SignedIn[]> SignInAsync(Round round, Person person) =>
        round.AtOnceAsync(round.Between(1, 4), (instance, _) => instance.LoginAsync(person));

    private static async Task ExpectRefusedAsync(Round round, IEnumerable<string> accessTokens)
    {
        foreach (var token in accessTokens)
            await round.Either().GetAsync("/auth/sessions", token).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : RevocationRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : RevocationRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : RevocationRaceTests(twins);
}

using System.Collections.Concurrent;
using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>An extension races the end of the session that it extends. After the end is acknowledged, no extension of it succeeds.</summary>
public abstract class ExtensionRaceTests(Twins twins)
{
    [Fact]
    public async Task An_extension_that_races_a_sign_out_wins_or_loses_and_none_wins_afterwards()
    {
        var (caller, person) = (await twins.One.NewServiceTokenAsync("_svc"), await twins.One.CreatePersonAsync());
        await twins.PlayAsync("extension against logout", Effort.Of(24, 1_000), async round =>
        {
            var session = await round.Either().LoginAsync(person);
            var extending = round.Start(round.Between(2, 4), (instance, _) => ExtendAsync(instance, caller, session.AccessToken));
            await round.PauseAsync();
            await round.Either().PostAsync("/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

            Assert.Null(await ExtendAsync(twins.One, caller, session.AccessToken));
            Assert.Null(await ExtendAsync(twins.Other, caller, session.AccessToken));
            var won = (await Task.WhenAll(extending)).OfType<Delegated>().ToArray();
            foreach (var delegated in won)
                await round.Either().RefreshAsync(delegated.RefreshToken);
            round.WasClose = won.Length > 0 && won.Length < extending.Length;
        });
    }

    /// <summary>A delegated session ends with its principal, even if it is created at that moment.</summary>
    [Fact]
    public async Task Nothing_that_an_extension_made_survives_a_deletion_that_it_raced()
    {
        var (caller, admin) = (await twins.One.NewServiceTokenAsync("_svc"), await twins.One.AdminTokenAsync());
        var (tokens, validator) = (new ConcurrentBag<string>(), new OfflineValidator(twins.One, await twins.One.NewServiceTokenAsync()));
        await twins.PlayAsync("extension against deletion", Effort.Of(24, 1_000), async round =>
        {
            var person = await round.Either().CreatePersonAsync();
            var session = await round.Either().LoginAsync(person);
            var extending = round.Start(round.Between(2, 4), (instance, _) => ExtendAsync(instance, caller, session.AccessToken));
            await round.PauseAsync();
            await round.Either().DeleteAsync($"/admin/principals/{person.Id}", admin).ExpectAsync(HttpStatusCode.NoContent);

            Assert.Null(await ExtendAsync(round.Either(), caller, session.AccessToken));
            var won = (await Task.WhenAll(extending)).OfType<Delegated>().ToArray();
            foreach (var delegated in won)
            {
                await round.Either().TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
                tokens.Add(delegated.AccessToken);
            }

            round.WasClose = won.Length > 0 && won.Length < extending.Length;
            await validator.ReadInTurnAsync(round.Number);
        });
        foreach (var token in tokens)
            await validator.LearnsOfAsync(token);
    }

    [Fact]
    public async Task Nothing_that_an_extension_made_survives_a_revocation_with_descendants_that_it_raced()
    {
        var (first, caller) = (await twins.One.NewServiceTokenAsync("_svc"), await twins.One.NewServiceTokenAsync("_svc2"));
        var admin = await twins.One.AdminTokenAsync();
        await twins.PlayAsync("extension against revocation with descendants", Effort.Of(24, 1_000), async round =>
        {
            var session = await round.Either().SignedInPersonAsync();
            var child = (await round.Either().DelegateAsync(first, session.AccessToken, "files:write")).AccessToken;
            var extending = round.Start(
                round.Between(2, 4), (instance, n) => ExtendAsync(instance, caller, n % 2 == 0 ? session.AccessToken : child));
            await round.PauseAsync();
            await round.Either().DeleteAsync($"/admin/sessions/{session.SessionId}?descendants=true", admin).ExpectAsync(HttpStatusCode.OK);

            var won = (await Task.WhenAll(extending)).OfType<Delegated>().ToArray();
            foreach (var delegated in won)
                await round.Either().TryRefreshAsync(delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
            round.WasClose = won.Length > 0 && won.Length < extending.Length;
        });
    }

    /// <returns>Null when the token was no longer accepted.</returns>
    private static async Task<Delegated?> ExtendAsync(AuthHost instance, string caller, string token)
    {
        using var response = await instance.TryExtendAsync(caller, token, ["files:read"], allowRefreshes: true);
        if (response.StatusCode is HttpStatusCode.Unauthorized)
            return null;
        var body = await response.ExpectAsync(HttpStatusCode.OK);
        return new Delegated(body.Text("accessToken"), body.Text("refreshToken"));
    }

    private sealed record Delegated(string AccessToken, string RefreshToken);

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : ExtensionRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : ExtensionRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : ExtensionRaceTests(twins);
}

using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>A call that races the end of a session succeeds or gets a proper refusal. After the end is acknowledged, no call succeeds.</summary>
public abstract class SessionRevocationRaceTests(Twins twins)
{
    private static readonly int Rounds = Effort.Of(20, 1_000);

    [Fact]
    public async Task KeepAlive_and_refresh()
    {
        var (service, person) = await ServiceAndPersonAsync();
        await twins.PlayAsync("end of a session against keepAlive and refresh", Rounds, async round =>
        {
            var session = await round.Either().LoginAsync(person);
            if (round.Maybe())
                twins.One.Clock.Advance(TimeSpan.FromSeconds(61)); // so that this use is written
            var racing = round.Start(round.Between(2, 6), (instance, caller) => caller % 2 == 0
                ? instance.GetAsync($"/sessions/{session.SessionId}?keepAlive=true", service)
                : instance.TryRefreshAsync(session.RefreshToken));

            await EndAsync(round, service, session.SessionId);

            await ExpectNothingWinsAsync(service, session);
            await ExpectInWordsAsync(racing, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized);
            await ExpectNothingWinsAsync(service, session);
        });
    }

    [Fact]
    public async Task Enabling()
    {
        var (service, person) = await ServiceAndPersonAsync();
        await twins.PlayAsync("end of a session against enabling", Rounds, async round =>
        {
            var id = await round.Either().OpenAsync(service, person, new() { ["enable"] = false });
            var racing = round.Start(round.Between(2, 6), (instance, caller) => caller % 2 == 0
                ? instance.PostAsync($"/sessions/{id}/enable", service)
                : instance.TryEnableForAsync(service, id));

            await EndAsync(round, service, id);

            await round.Either().PostAsync($"/sessions/{id}/enable", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
            await ExpectInWordsAsync(racing, HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.Conflict);
            await round.Either().ExpectGoneAsync(service, id);
        });
    }

    [Fact]
    public async Task Storing_a_token()
    {
        var (service, person) = await ServiceAndPersonAsync();
        await twins.PlayAsync("end of a session against storing a token", Rounds, async round =>
        {
            var id = await round.Either().OpenAsync(service, person);
            var racing = round.Start(round.Between(2, 6), (instance, caller) =>
                instance.PutAsync($"/sessions/{id}/tokens/{(caller % 2 == 0 ? "same" : $"a{caller}")}", service, "value"));

            await EndAsync(round, service, id);

            await round.Either().PutAsync($"/sessions/{id}/tokens/late", service, "value").CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
            await ExpectInWordsAsync(racing, HttpStatusCode.NoContent, HttpStatusCode.NotFound);
            await round.Either().GetAsync($"/sessions/{id}/tokens/same", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        });
    }

    [Fact]
    public async Task Impersonation()
    {
        var (service, person) = await ServiceAndPersonAsync();
        var (administrator, _) = await twins.One.ImpersonatorAsync();
        await twins.PlayAsync("end of a session against impersonation", Rounds, async round =>
        {
            var (session, other) = (await round.Either().LoginAsync(administrator), await round.Either().LoginAsync(administrator));
            var racing = round.Start(round.Between(2, 4), (instance, _) => instance.TryImpersonateAsync(other.AccessToken, session.SessionId, person.Uuid));

            await EndAsync(round, service, session.SessionId);

            await ExpectNothingWinsAsync(service, session);
            await ExpectInWordsAsync(racing, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Conflict);
            await ExpectNothingWinsAsync(service, session);
        });
    }

    [Fact]
    public async Task Several_who_end_it()
    {
        var (service, person) = await ServiceAndPersonAsync();
        await twins.PlayAsync("end of a session by several", Rounds, async round =>
        {
            var id = await round.Either().OpenAsync(service, person);

            var ends = await round.AtOnceAsync(round.Between(2, 6), (instance, _) => instance.DeleteAsync($"/sessions/{id}", service));

            Assert.Single(ends, end => end.StatusCode is HttpStatusCode.NoContent);
            Assert.Equal(ends.Length - 1, ends.Count(end => end.StatusCode is HttpStatusCode.NotFound));
        });
    }

    private async Task<(string Service, Person Person)> ServiceAndPersonAsync() =>
        (await twins.One.NewServiceTokenAsync(), await twins.One.CreatePersonAsync());

    private static async Task EndAsync(Round round, string service, string id)
    {
        await round.PauseAsync();
        await round.Either().EndAsync(service, id);
    }

    private static async Task ExpectInWordsAsync(Task<HttpResponseMessage>[] racing, params HttpStatusCode[] words)
    {
        foreach (var response in await Task.WhenAll(racing))
            Assert.Contains(response.StatusCode, words);
    }

    private async Task ExpectNothingWinsAsync(string service, SignedIn session)
    {
        foreach (var instance in new[] { twins.Other, twins.One })
        {
            await instance.TryRefreshAsync(session.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
            await instance.GetAsync($"/sessions/{session.SessionId}?keepAlive=true", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        }
    }

    [Collection("races on sqlite")]
    public sealed class OnSqlite(SqliteTwins twins) : SessionRevocationRaceTests(twins);

    [Collection("races on postgres")]
    public sealed class OnPostgres(PostgresTwins twins) : SessionRevocationRaceTests(twins);

    [Collection("races on pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerTwins twins) : SessionRevocationRaceTests(twins);
}

using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Races;

/// <summary>Whatever races the end of a session wins or loses in words, and after the end was acknowledged nothing wins.</summary>
public abstract class SessionEndRaceTests(AuthHost host)
{
    private const int Rounds = 8;

    [Fact]
    public async Task KeepAlive_and_refresh()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        for (var round = 0; round < Rounds; round++)
        {
            var session = await host.LoginAsync(person);
            host.Clock.Advance(TimeSpan.FromSeconds(61));
            service = await host.NewServiceTokenAsync();
            var racing = Both(twin).SelectMany(instance => new[]
            {
                instance.GetAsync($"/sessions/{session.SessionId}?keepAlive=true", service),
                instance.TryRefreshAsync(session.RefreshToken),
            }).ToArray();

            await host.EndAsync(service, session.SessionId);

            await ExpectNothingWinsAsync(twin, service, session);
            await ExpectInWordsAsync(racing, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized);
            await ExpectNothingWinsAsync(twin, service, session);
        }
    }

    [Fact]
    public async Task Enabling()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        for (var round = 0; round < Rounds; round++)
        {
            var id = await host.OpenAsync(service, person, new() { ["enable"] = false });
            var racing = Both(twin).SelectMany(instance => new[]
            {
                instance.PostAsync($"/sessions/{id}/enable", service),
                instance.TryEnableForAsync(service, id),
            }).ToArray();

            await host.EndAsync(service, id);

            await twin.PostAsync($"/sessions/{id}/enable", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
            await ExpectInWordsAsync(racing, HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.Conflict);
            await twin.ExpectGoneAsync(service, id);
        }
    }

    [Fact]
    public async Task Storing_a_token()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        for (var round = 0; round < Rounds; round++)
        {
            var id = await host.OpenAsync(service, person);
            var racing = Both(twin).SelectMany((instance, i) => new[]
            {
                instance.PutAsync($"/sessions/{id}/tokens/a{i}", service, "value"),
                instance.PutAsync($"/sessions/{id}/tokens/same", service, "value"),
            }).ToArray();

            await host.EndAsync(service, id);

            await twin.PutAsync($"/sessions/{id}/tokens/late", service, "value").CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
            await ExpectInWordsAsync(racing, HttpStatusCode.NoContent, HttpStatusCode.NotFound);
            await twin.GetAsync($"/sessions/{id}/tokens/same", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        }
    }

    [Fact]
    public async Task Impersonation()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (administrator, _) = await host.ImpersonatorAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var session = await host.LoginAsync(administrator);
            var racing = Both(twin).Select(instance => instance.TryImpersonateAsync(service, session.SessionId, person.Uuid)).ToArray();

            await host.EndAsync(service, session.SessionId);

            await ExpectNothingWinsAsync(twin, service, session);
            await ExpectInWordsAsync(racing, HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.Conflict);
            await ExpectNothingWinsAsync(twin, service, session);
        }
    }

    [Fact]
    public async Task Two_who_end_it()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        for (var round = 0; round < Rounds; round++)
        {
            var id = await host.OpenAsync(service, person);

            var ends = await Task.WhenAll(Both(twin).Select(instance => instance.DeleteAsync($"/sessions/{id}", service)));

            Assert.Single(ends, end => end.StatusCode is HttpStatusCode.NoContent);
            Assert.Equal(ends.Length - 1, ends.Count(end => end.StatusCode is HttpStatusCode.NotFound));
        }
    }

    private AuthHost[] Both(AuthHost twin) => [host, twin, host, twin];

    private static async Task ExpectInWordsAsync(Task<HttpResponseMessage>[] racing, params HttpStatusCode[] words)
    {
        foreach (var response in await Task.WhenAll(racing))
            Assert.Contains(response.StatusCode, words);
    }

    private async Task ExpectNothingWinsAsync(AuthHost twin, string service, SignedIn session)
    {
        foreach (var instance in new[] { twin, host })
        {
            await instance.TryRefreshAsync(session.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
            await instance.GetAsync($"/sessions/{session.SessionId}?keepAlive=true", service).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SessionEndRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SessionEndRaceTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : SessionEndRaceTests(store.Host);
}

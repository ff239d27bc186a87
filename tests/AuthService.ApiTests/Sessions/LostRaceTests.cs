using System.Net;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>If a session is deleted while a call changes it, the call returns 404 and not a conflict.</summary>
public abstract class LostRaceTests(AuthHost host)
{
    [Fact]
    public async Task Impersonating_a_session_that_goes_meanwhile_is_not_found()
    {
        var person = await host.CreatePersonAsync();
        var (administrator, acting) = await host.ImpersonatorAsync();
        var other = await host.LoginAsync(administrator);

        var answer = await WhileDeletingAsync(acting.SessionId, () => host.TryImpersonateAsync(other.AccessToken, acting.SessionId, person.Uuid));

        Assert.Equal(HttpStatusCode.NotFound, answer);
    }

    [Fact]
    public async Task Reverting_a_session_that_goes_meanwhile_is_not_found()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        var answer = await WhileDeletingAsync(acting.SessionId, () => host.TryRevertAsync(service, acting.SessionId));

        Assert.Equal(HttpStatusCode.NotFound, answer);
    }

    private async Task<HttpStatusCode> WhileDeletingAsync(string sessionId, Func<Task<HttpResponseMessage>> call)
    {
        using var response = await host.WhileDeletingAsync(sessionId, call);
        return response.StatusCode;
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : LostRaceTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : LostRaceTests(store.Host);
}

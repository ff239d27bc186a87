using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Signals;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>A call that waits is answered 401 if its credential is revoked meanwhile, although the call was accepted before.</summary>
public abstract class RevokedReaderTests(AuthHost host)
{
    /// <summary>Long enough for a call to wait, and a few times the interval of the feed.</summary>
    private static readonly TimeSpan While = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("disabled")]
    [InlineData("new refresh token")]
    [InlineData("token revoked")]
    [InlineData("API key")]
    [InlineData("token of an API key")]
    [InlineData("session of an administrator")]
    public async Task Who_is_revoked_while_waiting_hears_nothing_more(string how)
    {
        var (credential, revoke) = await CallerAsync(how);
        var waiting = await WaitAsync(credential);

        await revoke();

        await (await waiting.WaitAsync(TimeSpan.FromSeconds(25))).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/revocations", credential).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    /// <summary>The entry in the feed names the service, and its API key goes on.</summary>
    [Fact]
    public async Task Who_still_holds_a_credential_is_told_although_another_one_was_revoked()
    {
        var service = await host.CreateServiceAsync();
        var key = await host.NewApiKeyAsync(service.Id);
        var waiting = await WaitAsync(key.Key);

        await host.CreateServiceAsync(service.Id); // a new refresh token

        var answer = await (await waiting).ExpectAsync(HttpStatusCode.OK);
        Assert.Contains(answer.GetProperty("revoked").EnumerateArray(), entry => entry.TryGetProperty("sub", out var sub) && sub.GetString() == service.Id);
    }

    [Fact]
    public async Task A_poll_of_signals_is_refused_and_its_SET_stays()
    {
        var (subscriber, person) = (await host.SubscribeAsync(), await host.SignedInPersonAsync());
        var polling = host.PostAsync(SignalCalls.PollOf(subscriber.StreamId), subscriber.Token, new { });
        await Task.Delay(While);
        Assert.False(polling.IsCompleted);

        var renewed = await host.CreateServiceAsync(subscriber.ServiceId);
        await host.PostAsync("/auth/logout", person.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        await polling.ExpectAsync(HttpStatusCode.Unauthorized);
        var again = subscriber with { Token = await host.RefreshAsync(renewed.RefreshToken) };
        await again.ExpectAsync(SignalCalls.SessionRevoked, Requests.ClaimsOf(person.AccessToken).Text("sub"));
    }

    /// <returns>The call of the feed, which waits.</returns>
    private async Task<Task<HttpResponseMessage>> WaitAsync(string credential)
    {
        var cursor = (await host.ReadFeedAsync(credential, cursor: null, wait: 0)).Text("cursor");
        await Task.Delay(While); // what was revoked before is behind the next cursor
        cursor = (await host.ReadFeedAsync(credential, cursor, wait: 0)).Text("cursor");
        var waiting = host.GetAsync($"/revocations?wait=30&after={cursor}", credential);
        await Task.Delay(While);
        Assert.False(waiting.IsCompleted);
        return waiting;
    }

    private async Task<(string Credential, Func<Task> Revoke)> CallerAsync(string how)
    {
        switch (how)
        {
            case "session of an administrator":
                var admin = await host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
                return (admin.AccessToken, () => host.PostAsync("/auth/logout", admin.RefreshToken).ExpectAsync(HttpStatusCode.NoContent));
            case "API key":
                var key = await host.NewApiKeyAsync();
                return (key.Key, () => host.RevokeAsync(key));
            case "token of an API key":
                var source = await host.NewApiKeyAsync();
                return ((await host.ClientTokenAsync(new OAuthClient(source.Owner, source.Key))).Text("access_token"), () => host.RevokeAsync(source));
            default:
                var service = await host.CreateServiceAsync();
                var token = await host.RefreshAsync(service.RefreshToken);
                return (token, () => RevokeAsync(how, service, token));
        }
    }

    private async Task RevokeAsync(string how, Service service, string token)
    {
        if (how is "new refresh token")
            await host.CreateServiceAsync(service.Id);
        else if (how is "token revoked")
            await host.RevokeAsync(await host.NewServiceTokenAsync(), token).ExpectAsync(HttpStatusCode.OK);
        else
            await DisableAsync(service);
    }

    private async Task DisableAsync(Service service) => await host
        .AsAdminAsync(admin => host.PatchAsync($"/admin/principals/{service.Id}", admin, new { state = "DISABLED" })).ExpectAsync(HttpStatusCode.OK);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevokedReaderTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevokedReaderTests(store.Host);
}

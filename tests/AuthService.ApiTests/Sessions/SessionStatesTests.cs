using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Sessions;

/// <summary>
/// A session goes from NEW to ENABLED, SUSPENDED, EXPIRED and DELETED, and only some calls prolong it. On a public computer it is
/// suspended after 30 idle minutes and expires after 8 hours.
/// </summary>
public abstract class SessionStatesTests(AuthHost host)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_session_goes_through_every_state()
    {
        using var frozen = host.Clock.Freeze();
        var service = await host.CreateServiceAsync();
        var id = await OpenAsync(await TokenAsync(), enable: false);
        Assert.Equal("NEW", await host.StateAsync(await TokenAsync(), id));
        await host.EnableAsync(await TokenAsync(), id);
        Assert.Equal("ENABLED", await host.StateAsync(await TokenAsync(), id));

        host.Clock.Advance(Idle - Second);
        Assert.Equal("ENABLED", await host.StateAsync(await TokenAsync(), id));
        host.Clock.Advance(Second);
        Assert.Equal("SUSPENDED", await host.StateAsync(await TokenAsync(), id));
        await host.EnableAsync(await TokenAsync(), id);
        Assert.Equal("ENABLED", await host.StateAsync(await TokenAsync(), id));

        host.Clock.Advance(TimeSpan.FromHours(7.5) - Second);
        Assert.Equal("SUSPENDED", await host.StateAsync(await TokenAsync(), id));
        host.Clock.Advance(Second);
        await ExpectOverAsync(await TokenAsync(), id);
        await host.DeleteAsync("/sessions/expired", await TokenAsync()).ExpectAsync(HttpStatusCode.NoContent);
        await ExpectOverAsync(await TokenAsync(), id);

        Task<string> TokenAsync() => host.RefreshAsync(service.RefreshToken);
    }

    [Fact]
    public async Task Deleting_what_has_expired_leaves_the_active_and_the_suspended()
    {
        var service = await host.CreateServiceAsync();
        var token = await host.RefreshAsync(service.RefreshToken);
        var (suspended, active) = (await OpenAsync(token), await host.OpenAsync(token, await host.CreatePersonAsync()));
        host.Clock.Advance(TimeSpan.FromHours(1));
        token = await host.RefreshAsync(service.RefreshToken);

        await host.DeleteAsync("/sessions/expired", token).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal(("SUSPENDED", "ENABLED"), (await host.StateAsync(token, suspended), await host.StateAsync(token, active)));
    }

    [Theory]
    [InlineData("?keepAlive", true)]
    [InlineData("?keepAlive=", true)]
    [InlineData("?keepAlive=true", true)]
    [InlineData("?keepAlive=TRUE", true)]
    [InlineData("?keepAlive=false", false)]
    [InlineData("", false)]
    public async Task KeepAlive_moves_the_idle_time_every_time_and_never_the_end(string query, bool moves)
    {
        using var frozen = host.Clock.Freeze();
        var service = await host.NewServiceTokenAsync();
        var id = await OpenAsync(service);
        var before = await host.GetSessionAsync(service, id);
        host.Clock.Advance(Second);

        var answer = await host.GetSessionAsync(service, id, query);

        var later = answer.GetProperty("suspend").GetDateTimeOffset() - before.GetProperty("suspend").GetDateTimeOffset();
        Assert.InRange(later, moves ? Second * 0.999 : TimeSpan.Zero, moves ? Second * 1.001 : TimeSpan.Zero);
        Assert.Equal(before.Text("expire"), answer.Text("expire"));
        Assert.Equal(answer.ToString(), (await host.GetSessionAsync(service, id)).ToString());
    }

    [Theory]
    [InlineData("?keepAlive=maybe")]
    [InlineData("?keepAlive=true&keepAlive=false")]
    public async Task KeepAlive_is_yes_or_no(string query)
    {
        var service = await host.NewServiceTokenAsync();

        await host.GetAsync($"/sessions/{await OpenAsync(service)}{query}", service).CodeAsync(HttpStatusCode.BadRequest, "BAD_REQUEST");
    }

    [Fact]
    public async Task KeepAlive_is_use_that_the_person_sees()
    {
        using var frozen = host.Clock.Freeze();
        var (service, session) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync());
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(5_000, (await LoneAsync()).GetProperty("inactivityDuration").GetInt64());
        await host.GetSessionAsync(service, session.SessionId, "?keepAlive");

        Assert.Equal(0, (await LoneAsync()).GetProperty("inactivityDuration").GetInt64());

        async Task<System.Text.Json.JsonElement> LoneAsync() => Assert.Single(await host.MySessionsAsync(session.AccessToken));
    }

    [Fact]
    public async Task KeepAlive_takes_the_idle_time_no_further_than_the_end()
    {
        using var frozen = host.Clock.Freeze();
        var service = await host.CreateServiceAsync();
        var id = await OpenAsync(await host.RefreshAsync(service.RefreshToken));
        for (var minutes = 0; minutes < 29 * 16; minutes += 29)
        {
            host.Clock.Advance(TimeSpan.FromMinutes(29));
            await host.GetSessionAsync(await host.RefreshAsync(service.RefreshToken), id, "?keepAlive");
        }

        var session = await host.GetSessionAsync(await host.RefreshAsync(service.RefreshToken), id);

        Assert.Equal(("ENABLED", session.Text("expire")), (session.Text("state"), session.Text("suspend")));
    }

    [Fact]
    public async Task A_suspended_one_is_shown_and_not_revived_by_keepAlive()
    {
        var service = await host.CreateServiceAsync();
        var id = await OpenAsync(await host.RefreshAsync(service.RefreshToken));
        host.Clock.Advance(Idle);
        var token = await host.RefreshAsync(service.RefreshToken);
        var before = await host.GetSessionAsync(token, id);

        var answer = await host.GetSessionAsync(token, id, "?keepAlive=true");

        Assert.Equal("SUSPENDED", answer.Text("state"));
        Assert.Equal(before.ToString(), answer.ToString());
        Assert.Equal(before.ToString(), (await host.GetSessionAsync(token, id)).ToString());
    }

    [Fact]
    public async Task A_suspended_sign_in_gets_no_tokens_until_it_is_enabled_again()
    {
        var (service, session) = (await host.CreateServiceAsync(), await host.SignedInPersonAsync());
        host.Clock.Advance(TimeSpan.FromDays(14));
        await host.TryRefreshAsync(session.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);

        await host.EnableAsync(await host.RefreshAsync(service.RefreshToken), session.SessionId);

        Assert.Equal(session.SessionId, Requests.ClaimsOf(await host.RefreshAsync(session.RefreshToken)).Text("sid"));
    }

    [Fact]
    public async Task Enabling_what_is_enabled_changes_nothing()
    {
        var service = await host.NewServiceTokenAsync();
        var id = await OpenAsync(service);
        var before = await host.GetSessionAsync(service, id);

        await host.EnableAsync(service, id);

        Assert.Equal(before.ToString(), (await host.GetSessionAsync(service, id)).ToString());
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("application/json", "")]
    [InlineData("application/json", "null")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "\"enable\"")]
    [InlineData("text/plain", "please")]
    [InlineData("application/x-www-form-urlencoded", "a=b")]
    [InlineData("application/octet-stream", "\0\u0001")]
    [InlineData("no type at all", "?")]
    public async Task Stray_bodies_and_content_types_are_passed_over(string? type, string text)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var id = await OpenAsync(service, enable: false);
        var (_, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        await host.PostAsync($"/sessions/{id}/enable", service, Body()).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync($"/sessions/{id}/enable/{SessionCalls.Connect}", service, Body()).ExpectAsync(HttpStatusCode.NoContent);
        await host.PostAsync($"/sessions/{acting.SessionId}/revertIdentity", service, Body()).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(("ENABLED", true), (await host.StateAsync(service, id), await host.HasAccessAsync(service, id)));

        HttpContent Body() => AuthCalls.Raw(Encoding.UTF8.GetBytes(text), type);
    }

    private async Task<string> OpenAsync(string service, bool enable = true) =>
        await host.OpenAsync(service, await host.CreatePersonAsync(), new JsonObject { ["publicComputer"] = true, ["enable"] = enable });

    private async Task ExpectOverAsync(string service, string id)
    {
        foreach (var (method, path) in SessionRoutes.OfSession)
            await host.SendAsync(method, path.Replace("ID", id, StringComparison.Ordinal), service, SessionRoutes.BodyFor(path))
                .CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SessionStatesTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SessionStatesTests(store.Host);
}

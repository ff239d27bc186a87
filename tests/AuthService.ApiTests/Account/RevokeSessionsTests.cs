using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Account;

/// <summary>A person revokes one session, all others, or all of their sessions.</summary>
public abstract class RevokeSessionsTests(AuthHost host)
{
    [Fact]
    public async Task Ending_the_others_leaves_the_current_one_and_other_people_alone()
    {
        var crowd = await CrowdAsync();
        var stranger = await host.SignedInPersonAsync();

        await host.DeleteAsync(AccountCalls.Sessions, crowd.Current.AccessToken).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal([crowd.Current.SessionId], await host.MySessionIdsAsync(crowd.Current.AccessToken));
        await host.RefreshAsync(crowd.Current.RefreshToken);
        await host.RefreshAsync(stranger.RefreshToken);
        await ExpectOthersEndedAsync(crowd);
    }

    [Fact]
    public async Task Ending_all_ends_the_current_one_too()
    {
        var crowd = await CrowdAsync();
        var stranger = await host.SignedInPersonAsync();

        await host.DeleteAsync($"{AccountCalls.Sessions}/all", crowd.Current.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await host.ExpectEndedAsync(crowd.Current);
        await host.RefreshAsync(stranger.RefreshToken);
        await ExpectOthersEndedAsync(crowd);
    }

    [Fact]
    public async Task What_came_of_an_administrators_session_stays_when_the_person_ends_those_in_which_they_are_impersonated()
    {
        var (_, acting) = await host.ImpersonatorAsync();
        var job = await host.DelegateAsync(acting.AccessToken);
        var person = await host.CreatePersonAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        var own = await host.LoginAsync(person);

        await host.DeleteAsync(AccountCalls.Sessions, own.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.DeleteAsync($"{AccountCalls.Sessions}/all", own.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await host.ExpectEndedAsync(acting);
        await host.RefreshAsync(job.RefreshToken);
    }

    [Fact]
    public async Task Each_kind_of_session_can_be_ended_by_its_id()
    {
        var crowd = await CrowdAsync();

        foreach (var id in new[] { crowd.Other.SessionId, crowd.DelegatedId, crowd.Acting.SessionId, crowd.Opened })
        {
            await host.DeleteAsync($"{AccountCalls.Sessions}/{id}", crowd.Current.AccessToken).ExpectAsync(HttpStatusCode.OK);
            Assert.DoesNotContain(id, await host.MySessionIdsAsync(crowd.Current.AccessToken), StringComparer.Ordinal);
            await host.DeleteAsync($"{AccountCalls.Sessions}/{id}", crowd.Current.AccessToken).AccountRefusalAsync(HttpStatusCode.NotFound);
        }

        await ExpectOthersEndedAsync(crowd);
        await host.RefreshAsync(crowd.Current.RefreshToken);
    }

    [Fact]
    public async Task The_current_one_can_be_ended_by_its_id()
    {
        var session = await host.SignedInPersonAsync();

        await host.DeleteAsync($"{AccountCalls.Sessions}/{session.SessionId}", session.AccessToken).ExpectAsync(HttpStatusCode.OK);

        await host.ExpectEndedAsync(session);
    }

    [Fact]
    public async Task Somebody_elses_id_an_unknown_and_a_malformed_one_are_the_same_404()
    {
        var (session, stranger) = (await host.SignedInPersonAsync(), await host.SignedInPersonAsync());
        string[] ids = [stranger.SessionId, Guid.CreateVersion7().ToString(), "nonsense", "1", "%20", new string('a', 300)];

        var bodies = new List<string>();
        foreach (var id in ids)
            bodies.Add(await host.DeleteAsync($"{AccountCalls.Sessions}/{id}", session.AccessToken).AccountRefusalAsync(HttpStatusCode.NotFound));

        Assert.Single(bodies.Distinct(StringComparer.Ordinal));
        await host.RefreshAsync(stranger.RefreshToken);
    }

    [Theory]
    [InlineData(AccountCalls.Sessions)]
    [InlineData(AccountCalls.SessionsOfNewerClients)]
    public async Task Both_paths_end_one_the_others_or_all(string path)
    {
        var person = await host.CreatePersonAsync();
        var (current, one, other) = (await host.LoginAsync(person), await host.LoginAsync(person), await host.LoginAsync(person));

        await host.DeleteAsync($"{path}/{one.SessionId}", current.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.ExpectEndedAsync(one);
        await host.RefreshAsync(other.RefreshToken);

        await host.DeleteAsync(path, current.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.ExpectEndedAsync(other);
        await host.RefreshAsync(current.RefreshToken);

        await host.DeleteAsync($"{path}/all", current.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.ExpectEndedAsync(current);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("/all", true)]
    [InlineData("/CURRENT", true)]
    [InlineData("/OTHER", false)]
    public async Task The_cookie_is_cleared_when_the_call_carries_it_and_ends_the_current_session(string which, bool ends)
    {
        var person = await host.CreatePersonAsync();
        var (other, session) = (await host.LoginAsync(person, "web"), await host.LoginAsync(person, "web"));
        var path = AccountCalls.Sessions + which
            .Replace("CURRENT", session.SessionId, StringComparison.Ordinal).Replace("OTHER", other.SessionId, StringComparison.Ordinal);

        using var response = await host.SendAsync(HttpMethod.Delete, path, session.AccessToken, json: null, ("Cookie", session.Cookie));

        await response.ExpectAsync(HttpStatusCode.OK);
        var cookie = SignIns.RefreshCookieOf(response);
        Assert.Equal(ends, cookie is not null);
        if (cookie is not null)
        {
            Assert.Equal((session.CookieName, "", "/"), (cookie.Name, cookie.Value, cookie.Attributes["path"]));
            Assert.StartsWith("Thu, 01 Jan 1970", cookie.Attributes["expires"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_call_without_the_cookie_sets_none()
    {
        var session = await host.SignedInPersonAsync("web");

        using var response = await host.DeleteAsync($"{AccountCalls.Sessions}/all", session.AccessToken);

        await response.ExpectAsync(HttpStatusCode.OK);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    /// <summary>The sessions of one person, one of every kind.</summary>
    private sealed record Crowd(SignedIn Current, SignedIn Other, SignedIn Delegated, SignedIn Acting, string Opened, string Service)
    {
        public string DelegatedId => Delegated.SessionId;
    }

    private async Task<Crowd> CrowdAsync()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (current, other) = (await host.LoginAsync(person), await host.LoginAsync(person, "web"));
        var delegated = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), other.AccessToken, "files:read");
        var (_, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        var crowd = new Crowd(current, other, delegated, acting, await host.OpenAsync(service, person, new() { ["enable"] = false }), service);
        Assert.Equal(5, (await host.MySessionIdsAsync(current.AccessToken)).Length);
        return crowd;
    }

    private async Task ExpectOthersEndedAsync(Crowd crowd)
    {
        await host.ExpectEndedAsync(crowd.Other);
        await host.TryRefreshAsync(crowd.Delegated.RefreshToken).RefusalAsync(HttpStatusCode.Unauthorized);
        Assert.False(await host.HoldsAsync(crowd.Delegated.AccessToken));
        await host.ExpectEndedAsync(crowd.Acting);
        await host.ExpectGoneAsync(crowd.Service, crowd.Opened);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : RevokeSessionsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : RevokeSessionsTests(store.Host);
}

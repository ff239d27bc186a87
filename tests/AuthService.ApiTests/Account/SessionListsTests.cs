using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Account;

/// <summary>Each session of a person is in the right lists: all sessions, active sessions, or neither.</summary>
public abstract class SessionListsTests(AuthHost host)
{
    [Fact]
    public async Task New_and_suspended_ones_are_listed_and_not_active_and_expired_ones_are_neither()
    {
        using var frozen = host.Clock.Freeze();
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var unused = await host.OpenAsync(service, person, new() { ["enable"] = false });
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var idle = await host.OpenAsync(service, person, new() { ["publicComputer"] = true });

        host.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        var session = await host.LoginAsync(person);
        await ExpectAsync(listed: [session.SessionId, idle, unused], active: [session.SessionId, idle]);

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await ExpectAsync(listed: [session.SessionId, idle, unused], active: [session.SessionId]);

        host.Clock.Advance(TimeSpan.FromHours(7.5));
        await ExpectAsync(listed: [session.SessionId, unused], active: [session.SessionId]);

        async Task ExpectAsync(string[] listed, string[] active)
        {
            var token = await host.RefreshAsync(session.RefreshToken);
            Assert.Equal(listed, await host.MySessionIdsAsync(token));
            Assert.Equal(active, await host.MySessionIdsAsync(token, "/active"));
            Assert.Equal(active.Length, await host.CountMineAsync(token));
        }
    }

    [Fact]
    public async Task A_session_that_is_enabled_becomes_active()
    {
        var (service, session) = (await host.NewServiceTokenAsync(), await host.SignedInPersonAsync());
        var uuid = (await host.GetSessionAsync(service, session.SessionId)).GetProperty("user").Text("uuid");
        var opened = (await host.TryOpenAsync(service, uuid, new() { ["enable"] = false }).ExpectAsync(HttpStatusCode.Created)).Text("sessionId");
        Assert.Equal(1, await host.CountMineAsync(session.AccessToken));

        await host.EnableAsync(service, opened);

        Assert.Equal(2, await host.CountMineAsync(session.AccessToken));
        Assert.Contains(opened, await host.MySessionIdsAsync(session.AccessToken, "/active"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_delegated_one_is_marked_by_the_service_that_acts_in_it()
    {
        var session = await host.SignedInPersonAsync();
        var one = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), session.AccessToken, "files:read");
        var two = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc2"), one.AccessToken, "files:read");

        var listed = await host.MySessionsAsync(session.AccessToken);

        Assert.Equal(
            [(SidOf(two), "_svc2"), (SidOf(one), "_svc"), (session.SessionId, null)],
            [.. listed.Select(one => (one.Text("sessionId"), TextOrNull(one, "extendedBy")))]);
        Assert.All(listed, one => Assert.Null(TextOrNull(one, "actor")));
        Assert.Equal(3, await host.CountMineAsync(session.AccessToken));
    }

    [Fact]
    public async Task One_in_which_an_administrator_acts_as_the_person_is_marked_and_stands_in_both_lists()
    {
        var person = await host.CreatePersonAsync();
        var (administrator, acting) = await host.ImpersonatorAsync();
        var (own, adminsOther) = (await host.LoginAsync(person), await host.LoginAsync(administrator));

        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        foreach (var (token, other) in new[] { (own.AccessToken, own.SessionId), (adminsOther.AccessToken, adminsOther.SessionId) })
        {
            foreach (var which in new[] { "", "/active" })
            {
                var listed = (await host.MySessionsAsync(token, which))
                    .ToDictionary(one => one.Text("sessionId"), one => TextOrNull(one, "actor"), StringComparer.Ordinal);
                Assert.Equal((2, administrator.Id, null), (listed.Count, listed[acting.SessionId], listed[other]));
            }

            Assert.Equal(2, await host.CountMineAsync(token));
        }
    }

    [Fact]
    public async Task One_in_which_a_service_acts_for_an_administrator_names_both()
    {
        var (service, person) = (await host.NewServiceTokenAsync("_svc"), await host.CreatePersonAsync());
        var (administrator, acting) = await host.ImpersonatorAsync();
        var (own, id) = (await host.LoginAsync(person), await host.OpenAsync(service, administrator));

        await host.ImpersonateAsync(service, id, person);

        foreach (var token in new[] { own.AccessToken, acting.AccessToken })
        {
            foreach (var which in new[] { "", "/active" })
            {
                var listed = (await host.MySessionsAsync(token, which)).ToDictionary(one => one.Text("sessionId"), StringComparer.Ordinal);
                Assert.Equal((administrator.Id, "_svc"), (listed[id].Text("actor"), listed[id].Text("actorService")));
                Assert.All(listed.Where(one => one.Key != id), one => Assert.Null(TextOrNull(one.Value, "actorService")));
            }
        }

        await host.TryRevertAsync(service, id).ExpectAsync(HttpStatusCode.OK);
        Assert.All(await host.MySessionsAsync(acting.AccessToken), one => Assert.Null(TextOrNull(one, "actorService")));
    }

    [Fact]
    public async Task One_that_was_given_back_is_in_the_administrators_list_alone()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var (_, acting) = await host.ImpersonatorAsync();
        var own = await host.LoginAsync(person);
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);

        await host.TryRevertAsync(service, acting.SessionId).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal([own.SessionId], await host.MySessionIdsAsync(own.AccessToken));
        var listed = Assert.Single(await host.MySessionsAsync(await host.RefreshAsync(acting.RefreshToken)));
        Assert.Equal((acting.SessionId, null), (listed.Text("sessionId"), TextOrNull(listed, "actor")));
    }

    [Fact]
    public async Task Nobody_sees_anybody_elses()
    {
        var (one, other) = (await host.SignedInPersonAsync(), await host.SignedInPersonAsync());

        Assert.Equal([one.SessionId], await host.MySessionIdsAsync(one.AccessToken));
        Assert.Equal([other.SessionId], await host.MySessionIdsAsync(other.AccessToken));
    }

    [Fact]
    public async Task An_ended_session_is_out_of_every_list_at_once()
    {
        var person = await host.CreatePersonAsync();
        var (session, ended) = (await host.LoginAsync(person), await host.LoginAsync(person));
        Assert.Equal(2, await host.CountMineAsync(session.AccessToken));

        await host.PostAsync("/auth/logout", ended.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal([session.SessionId], await host.MySessionIdsAsync(session.AccessToken));
        Assert.Equal([session.SessionId], await host.MySessionIdsAsync(session.AccessToken, "/active"));
        Assert.Equal(1, await host.CountMineAsync(session.AccessToken));
    }

    [Theory]
    [InlineData(AccountCalls.Sessions)]
    [InlineData(AccountCalls.SessionsOfNewerClients)]
    public async Task Both_paths_list_and_count_the_same(string path)
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await host.CreatePersonAsync());
        var unused = await host.OpenAsync(service, person, new() { ["enable"] = false });
        var session = await host.LoginAsync(person);

        Assert.Equal($"{session.SessionId} {unused}", await ListAsync(""));
        Assert.Equal(session.SessionId, await ListAsync("/active"));
        var count = await host.GetAsync($"{path}/count", session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(1, count.GetProperty("activeSessions").GetInt32());

        async Task<string> ListAsync(string which)
        {
            var listed = await host.GetAsync(path + which, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
            return string.Join(' ', listed.EnumerateArray().Select(one => one.Text("sessionId")));
        }
    }

    private static string SidOf(SignedIn delegated) => delegated.SessionId;

    private static string? TextOrNull(System.Text.Json.JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : SessionListsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : SessionListsTests(store.Host);
}

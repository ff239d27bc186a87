using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.AuthCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

public abstract class ListSessionsTests(AuthHost host)
{
    [Fact]
    public async Task A_session_shows_when_and_from_where_it_was_made()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person.Id, person.Password, "app", ("User-Agent", "Probe/1.0 (Test)"));

        var page = await host.SessionsAsync(session.AccessToken);

        var item = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal(["items", "itemsInTotal", "itemsPerPage", "pageNumber"], page.MemberNames());
        Assert.Superset(
            new HashSet<string>(["createdAt", "current", "id", "ipAddress", "lastUsedAt", "userAgent"], StringComparer.Ordinal),
            new HashSet<string>(item.MemberNames(), StringComparer.Ordinal));
        Assert.Equal(session.SessionId, item.Text("id"));
        Assert.Equal("127.0.0.1", item.Text("ipAddress"));
        Assert.Equal("Probe/1.0 (Test)", item.Text("userAgent"));
        Assert.Equal(host.Clock.GetUtcNow().ToUnixTimeMilliseconds(), item.GetProperty("createdAt").GetInt64());
        Assert.Equal(host.Clock.GetUtcNow().ToUnixTimeMilliseconds(), item.GetProperty("lastUsedAt").GetInt64());
        Assert.True(item.GetProperty("current").GetBoolean());
    }

    [Fact]
    public async Task It_is_not_to_be_stored()
    {
        var session = await host.SignedInPersonAsync();

        using var response = await host.GetAsync("/auth/sessions", session.AccessToken);

        Assert.True(IsNoStore(response.Headers));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task No_secret_is_in_the_list()
    {
        var person = await host.CreatePersonAsync();
        SignedIn[] sessions = [await host.LoginAsync(person), await host.LoginAsync(person, "web")];

        var text = (await host.SessionsAsync(sessions[0].AccessToken)).ToString();

        Assert.DoesNotContain("rt_", text, StringComparison.Ordinal);
        Assert.All(sessions, session => Assert.DoesNotContain(session.CsrfToken, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_says_nothing_of_itself_is_an_unknown_device()
    {
        var session = await host.SignedInPersonAsync();

        var item = Assert.Single(ItemsOf(await host.SessionsAsync(session.AccessToken)));

        Assert.Equal("Unknown device", item.Text("userAgent"));
    }

    [Fact]
    public async Task A_long_user_agent_is_cut_at_512()
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person.Id, person.Password, "app", ("User-Agent", new string('x', 513)));

        var item = Assert.Single(ItemsOf(await host.SessionsAsync(session.AccessToken)));

        Assert.Equal(new string('x', 512), item.Text("userAgent"));
    }

    [Fact]
    public async Task The_newest_comes_first_and_only_the_own_ones_are_there()
    {
        var person = await host.CreatePersonAsync();
        await host.SignedInPersonAsync();
        var sessions = await SignInAsync(person, 4);

        var page = await host.SessionsAsync(sessions[1].AccessToken);

        Assert.Equal(4, page.GetProperty("itemsInTotal").GetInt32());
        Assert.Equal(sessions.Select(session => session.SessionId).Reverse().ToArray(), IdsOf(page));
        Assert.Equal([sessions[1].SessionId], [.. ItemsOf(page).Where(item => item.GetProperty("current").GetBoolean()).Select(item => item.Text("id"))]);
    }

    [Fact]
    public async Task Pages_follow_one_another_from_zero()
    {
        var sessions = await SignInAsync(await host.CreatePersonAsync(), 12);
        var newestFirst = sessions.Select(session => session.SessionId).Reverse().ToArray();
        var token = sessions[0].AccessToken;

        Assert.Equal(newestFirst[..10], IdsOf(await PageAsync("?itemsPerPage=10", 10, 0)));
        Assert.Equal(newestFirst[..10], IdsOf(await PageAsync("?itemsPerPage=10&page=0", 10, 0)));
        Assert.Equal(newestFirst[10..], IdsOf(await PageAsync("?itemsPerPage=10&page=1", 10, 1)));
        Assert.Empty(IdsOf(await PageAsync("?itemsPerPage=10&page=2", 10, 2)));
        Assert.Empty(IdsOf(await PageAsync("?page=1000", 50, 1000)));

        async Task<JsonElement> PageAsync(string query, int itemsPerPage, int pageNumber)
        {
            var page = await host.SessionsAsync(token, query);
            Assert.Equal(12, page.GetProperty("itemsInTotal").GetInt32());
            Assert.Equal(itemsPerPage, page.GetProperty("itemsPerPage").GetInt32());
            Assert.Equal(pageNumber, page.GetProperty("pageNumber").GetInt32());
            return page;
        }
    }

    [Fact]
    public async Task Five_sizes_are_offered_and_any_other_is_50()
    {
        var session = await host.SignedInPersonAsync();
        string[] others = ["0", "1", "-10", "11", "251", "1000", "ten", "", "10.0", "99999999999999999999"];

        foreach (var size in new[] { 10, 25, 50, 100, 250 })
            Assert.Equal(size, (await host.SessionsAsync(session.AccessToken, $"?itemsPerPage={size}")).GetProperty("itemsPerPage").GetInt32());
        foreach (var size in others)
            Assert.Equal(50, (await host.SessionsAsync(session.AccessToken, $"?itemsPerPage={size}")).GetProperty("itemsPerPage").GetInt32());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("1.5")]
    [InlineData("%00")]
    [InlineData("2147483647")]
    [InlineData("99999999999999999999")]
    public async Task A_page_that_cannot_be_is_400(string page)
    {
        var session = await host.SignedInPersonAsync();

        await host.GetAsync($"/auth/sessions?itemsPerPage=250&page={page}", session.AccessToken).RefusedAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Delegated_and_ended_and_expired_sessions_are_not_in_the_list()
    {
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);
        host.Clock.Advance(TimeSpan.FromDays(30));
        var ended = await host.LoginAsync(person);
        await host.PostAsync("/auth/logout", ended.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
        var session = await host.LoginAsync(person);
        await host.DelegateAsync(session.AccessToken);

        var page = await host.SessionsAsync(session.AccessToken);

        Assert.Equal([session.SessionId], IdsOf(page));
        Assert.Equal(1, page.GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task Only_a_whole_token_of_a_user_or_administrator_will_do()
    {
        var session = await host.SignedInPersonAsync();
        string[] refused =
        [
            await host.NarrowAsync(session.AccessToken),
            (await host.DelegateAsync(session.AccessToken)).AccessToken,
            await host.NewServiceTokenAsync(),
            await ProviderTokenAsync(),
        ];

        foreach (var token in refused)
        {
            await host.GetAsync("/auth/sessions", token).RefusedAsync(HttpStatusCode.Forbidden);
            await host.DeleteAsync("/auth/sessions", token).RefusedAsync(HttpStatusCode.Forbidden);
        }

        await host.SessionsAsync(session.AccessToken);
        await host.SessionsAsync(await host.AdminTokenAsync(), "?itemsPerPage=10");
    }

    [Fact]
    public async Task Without_an_access_token_it_is_401()
    {
        await host.GetAsync("/auth/sessions").RefusedAsync(HttpStatusCode.Unauthorized);
        await host.DeleteAsync("/auth/sessions").RefusedAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync("/auth/sessions", "nonsense").RefusedAsync(HttpStatusCode.Unauthorized);
    }

    private static JsonElement[] ItemsOf(JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    private static string[] IdsOf(JsonElement page) => [.. ItemsOf(page).Select(item => item.Text("id"))];

    /// <summary>Signs in several times, one second apart; returns the oldest session first.</summary>
    private async Task<SignedIn[]> SignInAsync(Person person, int times)
    {
        var sessions = new SignedIn[times];
        for (var i = 0; i < times; i++)
        {
            sessions[i] = await host.LoginAsync(person);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return sessions;
    }

    private async Task<string> ProviderTokenAsync() => await host.RefreshAsync(
        (await host.PostAsync("/admin/principals", await host.AdminTokenAsync(), new { id = NewName("#P_provider"), type = "PROVIDER" })
            .ExpectAsync(HttpStatusCode.Created)).Text("refreshToken"));

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ListSessionsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ListSessionsTests(store.Host);
}

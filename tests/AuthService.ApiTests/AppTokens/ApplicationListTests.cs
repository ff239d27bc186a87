using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;

namespace AuthService.ApiTests.AppTokens;

/// <summary>The list of applications comes in pages that clients can walk in both directions.</summary>
public abstract class ApplicationListTests(AuthHost host, ClassHosts hosts)
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task An_empty_list_is_done(string slash)
    {
        var own = await EmptyAsync();

        var page = await own.GetAsync($"{AppTokenCalls.Applications}{slash}", await own.NewServiceTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(["data", "done", "iterator", "prevIterator"], page.MemberNames());
        Assert.Equal(0, page.GetProperty("data").GetArrayLength());
        Assert.True(page.GetProperty("done").GetBoolean());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("iterator").ValueKind);
    }

    [Fact]
    public async Task Every_application_comes_once_whatever_the_size_of_the_page()
    {
        var own = await EmptyAsync();
        var service = await own.NewServiceTokenAsync();
        var made = new List<string>();
        for (var i = 0; i < 6; i++)
            made.Add((await own.CreateApplicationAsync(service)).Id);

        foreach (var limit in new[] { 1, 2, 3, 4, 6, 7, 250 })
        {
            var pages = await WalkAsync(own, service, limit);

            Assert.Equal((6 + limit - 1) / limit, pages.Count);
            Assert.All(pages.SkipLast(1), page => Assert.Equal(limit, page.Length));
            Assert.Equal(made.Order(StringComparer.Ordinal), pages.SelectMany(page => page).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task The_previous_iterator_leads_back()
    {
        var own = await EmptyAsync();
        var service = await own.NewServiceTokenAsync();
        for (var i = 0; i < 5; i++)
            await own.CreateApplicationAsync(service);
        var first = await PageAsync(own, service, "?limit=2");
        var second = await PageAsync(own, service, $"?limit=2&iterator={Escaped(first, "iterator")}");

        var back = await PageAsync(own, service, $"?limit=2&iterator={Escaped(second, "prevIterator")}");

        Assert.Equal(IdsIn(first).Order(StringComparer.Ordinal), IdsIn(back).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Empty(IdsIn(first).Intersect(IdsIn(second), StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_walk_is_not_disturbed_by_what_is_made_and_deleted_on_the_way()
    {
        var own = await EmptyAsync();
        var service = await own.NewServiceTokenAsync();
        for (var i = 0; i < 6; i++)
            await own.CreateApplicationAsync(service);
        var all = IdsIn(await PageAsync(own, service, ""));
        var first = await PageAsync(own, service, "?limit=3");

        await own.DeleteAsync(PathOf(IdsIn(first)[^1]), service).ExpectAsync(HttpStatusCode.NoContent);
        await own.CreateApplicationAsync(service);
        var second = await PageAsync(own, service, $"?limit=3&iterator={Escaped(first, "iterator")}");

        Assert.Equal(all[3..], IdsIn(second)[..3], StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_a_limit_a_page_has_50()
    {
        var own = await EmptyAsync();
        var service = await own.NewServiceTokenAsync();
        await Task.WhenAll(Enumerable.Range(0, 51).Select(_ => own.CreateApplicationAsync(service)));

        var page = await PageAsync(own, service, "");

        Assert.Equal((50, false), (page.GetProperty("data").GetArrayLength(), page.GetProperty("done").GetBoolean()));
    }

    [Fact]
    public async Task The_order_can_be_turned_round()
    {
        var own = await EmptyAsync();
        var service = await own.NewServiceTokenAsync();
        for (var i = 0; i < 3; i++)
            await own.CreateApplicationAsync(service);

        var (up, down) = (await PageAsync(own, service, "?order=ascending"), await PageAsync(own, service, "?order=descending"));

        Assert.Equal(IdsIn(up).Reverse(), IdsIn(down), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("limit=0", "query.limit")]
    [InlineData("limit=-1", "query.limit")]
    [InlineData("limit=251", "query.limit")]
    [InlineData("limit=1.5", "query.limit")]
    [InlineData("limit=ten", "query.limit")]
    [InlineData("limit=99999999999999999999", "query.limit")]
    [InlineData("iterator=junk", "query.iterator")]
    [InlineData("iterator=-", "query.iterator")]
    [InlineData("iterator=app_", "query.iterator")]
    [InlineData("iterator=%00", "query.iterator")]
    [InlineData("iterator='%20OR%201=1--", "query.iterator")]
    [InlineData("limit=0&iterator=junk", "query.iterator", "query.limit")]
    public async Task A_bad_page_is_422(string query, params string[] locations) =>
        await host.GetAsync($"{AppTokenCalls.Applications}?{query}", await host.NewServiceTokenAsync()).ExpectFaultsAsync(locations);

    /// <summary>Gets an instance of this class, without the applications of its other tests.</summary>
    private async Task<AuthHost> EmptyAsync()
    {
        var own = await hosts.AnotherAsync();
        await own.Database.ExecuteAsync("DELETE FROM applications");
        return own;
    }

    private static async Task<List<string[]>> WalkAsync(AuthHost own, string service, int limit)
    {
        var pages = new List<string[]>();
        var page = await PageAsync(own, service, $"?limit={limit}");
        pages.Add(IdsIn(page));
        while (!page.GetProperty("done").GetBoolean())
        {
            page = await PageAsync(own, service, $"?limit={limit}&iterator={Escaped(page, "iterator")}");
            pages.Add(IdsIn(page));
        }

        return pages;
    }

    private static Task<JsonElement> PageAsync(AuthHost own, string service, string query) =>
        own.GetAsync($"{AppTokenCalls.Applications}{query}", service).ExpectAsync(HttpStatusCode.OK);

    private static string[] IdsIn(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(application => application.Text("id"))];

    private static string Escaped(JsonElement page, string iterator) => Uri.EscapeDataString(page.Text(iterator));

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : ApplicationListTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : ApplicationListTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}

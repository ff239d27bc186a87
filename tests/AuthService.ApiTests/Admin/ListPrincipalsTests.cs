using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Admin;

/// <summary>GET /admin/principals searches, filters and pages.</summary>
public abstract class ListPrincipalsTests(AuthHost host)
{
    [Fact]
    public async Task Principals_are_found_by_part_of_id_name_or_email_in_any_letter_case()
    {
        var mark = NewName("Mark");
        await host.CreateAsync(new { id = $"id-{mark}" });
        await host.CreateAsync(new { id = NewName("by-first"), firstNames = $"Ada {mark} Augusta" });
        await host.CreateAsync(new { id = NewName("by-last"), lastName = $"von {mark}" });
        await host.CreateAsync(new { id = NewName("by-mail"), email = $"{mark}@example.com" });
        await host.CreateAsync(new { id = NewName("other"), firstNames = "Somebody Else" });

        foreach (var query in new[] { mark, mark.ToUpperInvariant(), mark.ToLowerInvariant() })
            Assert.Equal(["by-f", "by-l", "by-m", "id-m"], (await FindAsync(query)).Select(id => id[..4].ToLowerInvariant())
                .Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("*")]
    [InlineData("\\")]
    [InlineData("'")]
    [InlineData("\u0000")]
    [InlineData("\uFFFE")]
    public async Task Nothing_in_a_query_is_a_wildcard_or_breaks_it(string odd)
    {
        var mark = NewName("odd");
        await host.CreateAsync(new { id = $"{mark}-plain" });

        using var response = await host.GetAsync($"{Administration.Root}?query={Uri.EscapeDataString($"{mark}{odd}plain")}", await host.AdminTokenAsync());

        if (response.StatusCode is not HttpStatusCode.BadRequest || odd is not ("\u0000" or "\uFFFE"))
            Assert.Equal(0, (await response.ExpectAsync(HttpStatusCode.OK)).GetProperty("itemsInTotal").GetInt32());
    }

    [Fact]
    public async Task Role_and_state_narrow_the_list_and_the_deleted_are_shown_on_request_alone()
    {
        var mark = NewName("filter");
        string[] ids = [$"{mark}-user", $"{mark}-admin", $"_{mark}-service", $"{mark}-disabled", $"{mark}-deleted"];
        await host.CreateAsync(new { id = ids[0] });
        await host.CreateAsync(new { id = ids[1], role = "ADMIN" });
        await host.CreateAsync(new { id = ids[2], type = "SERVICE" });
        await host.CreateAsync(new { id = ids[3] });
        await host.ChangeAsync(ids[3], new { state = "DISABLED" });
        await host.CreateAsync(new { id = ids[4] });
        await host.DeleteAsync(Administration.PathOf(ids[4]), await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal([ids[2], ids[1], ids[3], ids[0]], await FindAsync(mark), StringComparer.Ordinal);
        Assert.Equal([ids[1]], await FindAsync(mark, "&role=ADMIN"), StringComparer.Ordinal);
        Assert.Equal([ids[3], ids[0]], await FindAsync(mark, "&role=USER"), StringComparer.Ordinal);
        Assert.Equal([ids[2]], await FindAsync(mark, "&role=SERVICE&state=ENABLED"), StringComparer.Ordinal);
        Assert.Equal([ids[3]], await FindAsync(mark, "&state=DISABLED"), StringComparer.Ordinal);
        Assert.Equal([ids[4]], await FindAsync(mark, "&state=DELETED"), StringComparer.Ordinal);
        Assert.Empty(await FindAsync(mark, "&role=PROVIDER"));
    }

    [Fact]
    public async Task A_list_comes_in_pages_that_neither_repeat_nor_lose_anybody()
    {
        var mark = NewName("page");
        var ids = Enumerable.Range(10, 13).Select(i => $"{mark}-{i}").ToArray();
        foreach (var id in ids)
            await host.CreateAsync(new { id });

        var pages = new List<JsonElement>();
        for (var i = 0; i < 3; i++)
            pages.Add(await ListAsync($"query={mark}&itemsPerPage=10&page={i}"));

        Assert.Equal([10, 3, 0], pages.Select(page => page.GetProperty("items").GetArrayLength()));
        Assert.Equal(ids, pages.SelectMany(IdsOf), StringComparer.Ordinal);
        Assert.All(pages.Index(), page => Assert.Equal((13, 10, page.Index), NumbersOf(page.Item)));
    }

    [Theory]
    [InlineData("", 50)]
    [InlineData("itemsPerPage=10", 10)]
    [InlineData("itemsPerPage=25", 25)]
    [InlineData("itemsPerPage=100", 100)]
    [InlineData("itemsPerPage=250", 250)]
    [InlineData("itemsPerPage=11", 50)]
    [InlineData("itemsPerPage=-1", 50)]
    [InlineData("itemsPerPage=99999999999", 50)]
    [InlineData("itemsPerPage=x", 50)]
    public async Task A_page_has_one_of_the_sizes_offered(string query, int size) =>
        Assert.Equal(size, (await ListAsync($"query=nobody-at-all&{query}")).GetProperty("itemsPerPage").GetInt32());

    [Theory]
    [InlineData("page=-1")]
    [InlineData("page=x")]
    [InlineData("page=1.5")]
    [InlineData("page=99999999999")]
    [InlineData("role=user")]
    [InlineData("role=")]
    [InlineData("role=ROOT")]
    [InlineData("role=USER&role=ADMIN")]
    [InlineData("state=enabled")]
    [InlineData("state=GONE")]
    public async Task A_malformed_filter_is_refused(string query) =>
        await host.GetAsync($"{Administration.Root}?{query}", await host.AdminTokenAsync()).ProblemAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_item_is_what_the_principal_is_shown_as_and_holds_no_secret()
    {
        var person = await host.CreatePersonAsync(new() { ["firstNames"] = "Ada" });
        var page = await ListAsync($"query={person.Id}");

        var item = Assert.Single(page.GetProperty("items").EnumerateArray());

        Assert.Equal((await host.ShowAsync(person.Id)).GetRawText(), item.GetRawText());
        Assert.DoesNotContain("password\"", item.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hash", item.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("stamp", item.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> IdsOf(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.Text("id"));

    private static (int, int, int) NumbersOf(JsonElement page) =>
        (page.GetProperty("itemsInTotal").GetInt32(), page.GetProperty("itemsPerPage").GetInt32(), page.GetProperty("pageNumber").GetInt32());

    private async Task<string[]> FindAsync(string query, string filter = "")
    {
        var page = await ListAsync($"query={Uri.EscapeDataString(query)}{filter}");
        string[] ids = [.. IdsOf(page)];
        Assert.Equal(ids.Length, page.GetProperty("itemsInTotal").GetInt32());
        return ids;
    }

    private async Task<JsonElement> ListAsync(string query) =>
        await host.GetAsync($"{Administration.Root}?{query}", await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ListPrincipalsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ListPrincipalsTests(store.Host);
}

using System.Net;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Sessions.SessionCalls;

namespace AuthService.ApiTests.Sessions;

/// <summary>A person can use a product in a limited number of sessions.</summary>
public abstract class ProductAccessTests(AuthHost host)
{
    private const string Further = "REPORTS";

    [Fact]
    public async Task Past_the_limit_a_session_is_refused_and_counts_for_nothing()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await LimitedAsync(2));
        var (one, two, three) = (await host.OpenAsync(service, person), await host.OpenAsync(service, person), await host.OpenAsync(service, person));
        await host.EnableForAsync(service, one);
        await host.EnableForAsync(service, two);

        await host.TryEnableForAsync(service, three).CodeAsync(HttpStatusCode.Conflict, "CONCURRENT_ACCESS");
        await host.TryEnableForAsync(service, three, disableOldest: false).CodeAsync(HttpStatusCode.Conflict, "CONCURRENT_ACCESS");

        await ExpectAccessAsync(service, (one, true), (two, true), (three, false));
        Assert.Equal("ENABLED", await host.StateAsync(service, three));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("[]")]
    [InlineData("""[{"serviceName":"EQUISOFT_CONNECT"}]""")]
    [InlineData("""[{"serviceName":"EQUISOFT_CONNECT","maxConcurrentAccess":0}]""")]
    [InlineData("""[{"serviceName":"REPORTS","maxConcurrentAccess":1}]""")]
    public async Task Without_a_limit_for_the_product_there_is_none(string? services)
    {
        var service = await host.NewServiceTokenAsync();
        var person = await host.CreatePersonAsync(services is null ? [] : new() { ["services"] = JsonNode.Parse(services) });

        for (var i = 0; i < 4; i++)
            await host.EnableForAsync(service, await host.OpenAsync(service, person));
    }

    [Fact]
    public async Task Enabling_again_counts_once()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await LimitedAsync(2));
        var (one, two) = (await host.OpenAsync(service, person), await host.OpenAsync(service, person));

        foreach (var id in new[] { one, one, one, two, two, one })
            await host.EnableForAsync(service, id);

        await ExpectAccessAsync(service, (one, true), (two, true));
    }

    [Fact]
    public async Task A_lowered_limit_takes_nothing_away_before_the_next_enable()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await LimitedAsync(3));
        var ids = await OpenAndEnableAsync(service, person, 3);
        await host.PatchPersonAsync(person, new() { ["services"] = Limit(1) });
        await ExpectAccessAsync(service, (ids[0], true), (ids[1], true), (ids[2], true));
        var next = await host.OpenAsync(service, person);

        await host.TryEnableForAsync(service, next).CodeAsync(HttpStatusCode.Conflict, "CONCURRENT_ACCESS");
        await ExpectAccessAsync(service, (ids[0], true), (ids[1], true), (ids[2], true));
        await host.EnableForAsync(service, next, disableOldest: true);

        await ExpectAccessAsync(service, (ids[0], false), (ids[1], false), (ids[2], false), (next, true));
    }

    [Fact]
    public async Task The_oldest_one_gives_way_and_lives_on()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await LimitedAsync(2));
        var (signedIn, other) = (await host.LoginAsync(person), await host.OpenAsync(service, person));
        await host.EnableForAsync(service, signedIn.SessionId);
        await host.EnableForAsync(service, other);
        var next = await host.OpenAsync(service, person);

        await host.EnableForAsync(service, next, disableOldest: true);

        await ExpectAccessAsync(service, (signedIn.SessionId, false), (other, true), (next, true));
        Assert.Equal("ENABLED", await host.StateAsync(service, signedIn.SessionId));
        await host.RefreshAsync(signedIn.RefreshToken);
    }

    [Fact]
    public async Task The_oldest_is_the_one_that_has_been_enabled_longest_not_the_one_that_was_opened_first()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await LimitedAsync(2));
        var (first, second, third) = (await host.OpenAsync(service, person), await host.OpenAsync(service, person), await host.OpenAsync(service, person));
        await host.EnableForAsync(service, second);
        await host.EnableForAsync(service, first);

        await host.EnableForAsync(service, third, disableOldest: true);

        await ExpectAccessAsync(service, (first, true), (second, false), (third, true));
    }

    [Fact]
    public async Task A_session_never_takes_its_own_access_away()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await LimitedAsync(2));
        var ids = await OpenAndEnableAsync(service, person, 2);
        await host.PatchPersonAsync(person, new() { ["services"] = Limit(1) });

        await host.EnableForAsync(service, ids[0], disableOldest: true);

        await ExpectAccessAsync(service, (ids[0], true), (ids[1], false));
    }

    [Fact]
    public async Task Mobile_sessions_neither_count_nor_are_counted_against()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await LimitedAsync(1));
        var phone = await host.OpenAsync(service, person, new() { ["mobileDevice"] = true });
        var (desk, tablet) = (await host.OpenAsync(service, person), await host.OpenAsync(service, person, new() { ["mobileDevice"] = true }));

        foreach (var id in new[] { phone, desk, tablet })
            await host.EnableForAsync(service, id, disableOldest: id == tablet);

        await ExpectAccessAsync(service, (phone, true), (desk, true), (tablet, true));
        await host.TryEnableForAsync(service, await host.OpenAsync(service, person)).CodeAsync(HttpStatusCode.Conflict, "CONCURRENT_ACCESS");
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("expired")]
    [InlineData("revoked")]
    public async Task A_session_that_is_not_in_use_does_not_count(string how)
    {
        var (account, person) = (await host.CreateServiceAsync(), await LimitedAsync(1));
        var service = await host.RefreshAsync(account.RefreshToken);
        var earlier = await host.OpenAsync(service, person, new() { ["publicComputer"] = true });
        await host.EnableForAsync(service, earlier);
        await host.TryEnableForAsync(service, await host.OpenAsync(service, person)).CodeAsync(HttpStatusCode.Conflict, "CONCURRENT_ACCESS");

        if (how is "revoked")
            await host.EndAsync(service, earlier);
        else
            host.Clock.Advance(how is "suspended" ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(8));

        service = await host.RefreshAsync(account.RefreshToken);
        await host.EnableForAsync(service, await host.OpenAsync(service, person));
    }

    [Fact]
    public async Task A_session_that_comes_back_from_suspension_does_not_bring_a_place_that_is_taken()
    {
        var (account, person) = (await host.CreateServiceAsync(), await LimitedAsync(1));
        var service = await host.RefreshAsync(account.RefreshToken);
        var earlier = await host.OpenAsync(service, person, new() { ["publicComputer"] = true });
        await host.EnableForAsync(service, earlier);
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        service = await host.RefreshAsync(account.RefreshToken);
        var later = await host.OpenAsync(service, person);
        await host.EnableForAsync(service, later);

        await host.EnableAsync(service, earlier);

        await ExpectAccessAsync(service, (earlier, false), (later, true));
    }

    [Fact]
    public async Task A_deleted_impersonation_does_not_count()
    {
        var (service, person) = (await host.NewServiceTokenAsync(), await LimitedAsync(1));
        var (administrator, acting) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        await host.EnableForAsync(service, acting.SessionId);
        await host.PatchPersonAsync(administrator, new() { ["canImpersonate"] = false });

        await host.EnableForAsync(service, await host.OpenAsync(service, person));
    }

    [Fact]
    public async Task Other_people_do_not_count()
    {
        var (service, one, other) = (await host.NewServiceTokenAsync(), await LimitedAsync(1), await LimitedAsync(1));

        await OpenAndEnableAsync(service, one, 1);

        await OpenAndEnableAsync(service, other, 1);
    }

    [Fact]
    public async Task A_session_that_is_not_enabled_is_refused()
    {
        var (account, person) = (await host.CreateServiceAsync(), await host.CreatePersonAsync());
        var service = await host.RefreshAsync(account.RefreshToken);
        var unused = await host.OpenAsync(service, person, new() { ["enable"] = false });
        var suspended = await host.OpenAsync(service, person, new() { ["publicComputer"] = true });
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        service = await host.RefreshAsync(account.RefreshToken);

        foreach (var id in new[] { unused, suspended })
            await host.TryEnableForAsync(service, id).CodeAsync(HttpStatusCode.Conflict, "SESSION_NOT_ENABLED");

        await ExpectAccessAsync(service, (unused, false), (suspended, false));
    }

    [Fact]
    public async Task A_further_product_is_one_when_it_is_configured_and_counts_by_itself()
    {
        await using var twin = await host.StartTwinAsync(new() { ["Sessions:Products:0"] = Further });
        var service = await host.NewServiceTokenAsync();
        var person = await host.CreatePersonAsync(new() { ["services"] = new JsonArray(LimitOf(Further, 1), LimitOf(Connect, 1)) });
        var (one, other) = (await host.OpenAsync(service, person), await host.OpenAsync(service, person));

        await host.TryEnableForAsync(service, one, product: Further).CodeAsync(HttpStatusCode.NotFound, "NOT_FOUND");
        await twin.TryEnableForAsync(service, one, product: Further).ExpectAsync(HttpStatusCode.NoContent);
        await twin.TryEnableForAsync(service, other, product: Further).CodeAsync(HttpStatusCode.Conflict, "CONCURRENT_ACCESS");

        await twin.EnableForAsync(service, other);
        await ExpectAccessAsync(service, (one, false), (other, true));
    }

    private static JsonArray Limit(int limit) => [LimitOf(Connect, limit)];

    private static JsonObject LimitOf(string product, int limit) => new() { ["serviceName"] = product, ["maxConcurrentAccess"] = limit };

    private Task<Person> LimitedAsync(int limit) => host.CreatePersonAsync(new() { ["services"] = Limit(limit) });

    private async Task<string[]> OpenAndEnableAsync(string service, Person person, int count)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = await host.OpenAsync(service, person);
            await host.EnableForAsync(service, ids[i]);
        }

        return ids;
    }

    private async Task ExpectAccessAsync(string service, params (string Id, bool HasAccess)[] expected)
    {
        foreach (var (id, hasAccess) in expected)
            Assert.Equal((id, hasAccess), (id, await host.HasAccessAsync(service, id)));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ProductAccessTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ProductAccessTests(store.Host);
}

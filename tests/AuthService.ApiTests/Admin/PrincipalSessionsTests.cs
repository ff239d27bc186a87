using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Xunit;

namespace AuthService.ApiTests.Admin;

/// <summary>GET /admin/principals/{id}/sessions lists every session of a principal with all its facts, except secrets.</summary>
public abstract class PrincipalSessionsTests(AuthHost host)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    private static readonly string[] Members =
    [
        "accessTokenLifetimeSeconds", "actor", "actorService", "cookieDomain", "createdAt", "deviceName", "deviceType", "expireAt", "extendedBy",
        "extendedByChain", "extendedFrom",
        "id", "idleTimeoutSeconds", "ipAddress", "lastUsedAt", "location", "mobileDevice", "mode", "openedBy", "principal", "products", "publicComputer",
        "scopes", "sso", "state", "suspendAt", "userAgent",
    ];

    [Fact]
    public async Task A_sign_in_is_shown_with_its_times_device_mode_and_scopes()
    {
        var person = await host.CreatePersonAsync();
        var signedIn = await host.LoginAsync(person.Id, person.Password, "web", ("User-Agent", Firefox));

        var session = Assert.Single(await host.SessionsInFullAsync(person.Id));

        Assert.Equal(Members, session.MemberNames());
        Assert.Equal((signedIn.SessionId, "ENABLED", person.Id, "Web"),
            (session.Text("id"), session.Text("state"), session.Text("principal"), session.Text("mode")));
        Assert.Equal(("127.0.0.1", Firefox, "Desktop", "Firefox on Linux"),
            (session.Text("ipAddress"), session.Text("userAgent"), session.Text("deviceType"), session.Text("deviceName")));
        Assert.Equal(["all:write"], session.Texts("scopes"));
        Assert.Equal(TimeSpan.FromDays(14), Moment(session, "suspendAt") - Moment(session, "createdAt"));
        Assert.Equal(TimeSpan.FromDays(30), Moment(session, "expireAt") - Moment(session, "createdAt"));
        Assert.Equal(14 * 24 * 60 * 60, session.GetProperty("idleTimeoutSeconds").GetInt64());
        Assert.InRange(Moment(session, "createdAt"), host.Clock.GetUtcNow().AddMinutes(-1), host.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_delegated_session_names_its_chain_and_where_it_came_from()
    {
        var person = await host.CreatePersonAsync();
        var signedIn = await host.LoginAsync(person);
        var delegated = await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), signedIn.AccessToken, "files:read");

        var session = (await host.SessionsInFullAsync(person.Id))[0];

        Assert.Equal(Requests.ClaimsOf(delegated.AccessToken).Text("sid"), session.Text("id"));
        Assert.Equal(("_svc", signedIn.SessionId, "Application"), (session.Text("extendedBy"), session.Text("extendedFrom"), session.Text("mode")));
        Assert.Equal(["_svc"], session.Texts("extendedByChain"));
        Assert.Equal(["files:read"], session.Texts("scopes"));
        Assert.Equal(60, session.GetProperty("accessTokenLifetimeSeconds").GetInt64());
        Assert.All(["ipAddress", "userAgent", "location"], name => Assert.Equal(JsonValueKind.Null, session.GetProperty(name).ValueKind));
    }

    [Fact]
    public async Task An_impersonation_is_shown_at_both_with_the_administrator_as_actor()
    {
        var person = await host.CreatePersonAsync();
        var (administrator, signedIn) = await host.ImpersonatorAsync();
        await host.ImpersonateAsync(signedIn.AccessToken, signedIn.SessionId, person);

        foreach (var id in new[] { person.Id, administrator.Id })
        {
            var session = Assert.Single(await host.SessionsInFullAsync(id));
            Assert.Equal((signedIn.SessionId, person.Id, administrator.Id), (session.Text("id"), session.Text("principal"), session.Text("actor")));
            Assert.All(["actorService", "openedBy"], name => Assert.Equal(JsonValueKind.Null, session.GetProperty(name).ValueKind));
        }
    }

    [Fact]
    public async Task An_impersonation_by_the_service_that_opened_the_session_names_it()
    {
        var (person, service) = (await host.CreatePersonAsync(), await host.NewServiceTokenAsync("_svc"));
        var administrator = await host.CreatePersonAsync(new() { ["role"] = "ADMIN", ["canImpersonate"] = true });
        var id = await host.OpenAsync(service, administrator);
        Assert.Equal("_svc", Assert.Single(await host.SessionsInFullAsync(administrator.Id)).Text("openedBy"));

        await host.ImpersonateAsync(service, id, person);

        foreach (var one in new[] { person.Id, administrator.Id })
        {
            var session = Assert.Single(await host.SessionsInFullAsync(one));
            Assert.Equal((id, administrator.Id, "_svc", "_svc"),
                (session.Text("id"), session.Text("actor"), session.Text("actorService"), session.Text("openedBy")));
        }
    }

    [Fact]
    public async Task A_session_that_a_service_opened_shows_its_facts_products_and_states()
    {
        var (person, service) = (await host.CreatePersonAsync(), await host.NewServiceTokenAsync());
        var id = await host.OpenAsync(service, person, new()
        {
            ["enable"] = false,
            ["mobileDevice"] = true,
            ["publicComputer"] = true,
            ["cookieDomain"] = "example.com",
            ["sso"] = new System.Text.Json.Nodes.JsonObject { ["provider"] = "google", ["identifier"] = "ada@google" },
        });

        var made = Assert.Single(await host.SessionsInFullAsync(person.Id));
        await host.EnableAsync(service, id);
        await host.EnableForAsync(service, id);
        var enabled = Assert.Single(await host.SessionsInFullAsync(person.Id));
        host.Clock.Advance(TimeSpan.FromMinutes(31));
        var suspended = Assert.Single(await host.SessionsInFullAsync(person.Id));

        Assert.Equal(["NEW", "ENABLED", "SUSPENDED"], new[] { made, enabled, suspended }.Select(session => session.Text("state")), StringComparer.Ordinal);
        Assert.Equal(("google", "ada@google"), (made.GetProperty("sso").Text("provider"), made.GetProperty("sso").Text("identifier")));
        Assert.True(made.GetProperty("mobileDevice").GetBoolean() && made.GetProperty("publicComputer").GetBoolean());
        Assert.Equal(("example.com", JsonValueKind.Null), (made.Text("cookieDomain"), made.GetProperty("mode").ValueKind));
        Assert.Empty(made.Texts("products"));
        Assert.Equal([SessionCalls.Connect], enabled.Texts("products"));
        Assert.Empty(suspended.Texts("products"));
    }

    [Fact]
    public async Task The_list_comes_in_pages_newest_first_without_the_expired()
    {
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);
        host.Clock.Advance(TimeSpan.FromDays(31));
        var ids = new List<string>();
        for (var i = 0; i < 12; i++)
            ids.Insert(0, (await host.LoginAsync(person)).SessionId);

        var pages = new List<JsonElement>();
        for (var i = 0; i < 3; i++)
            pages.Add(await host.GetAsync($"{Administration.SessionsOf(person.Id)}?itemsPerPage=10&page={i}", await host.AdminTokenAsync())
                .ExpectAsync(HttpStatusCode.OK));

        Assert.Equal(ids, pages.SelectMany(page => page.GetProperty("items").EnumerateArray()).Select(session => session.Text("id")), StringComparer.Ordinal);
        Assert.All(pages.Index(), page => Assert.Equal(
            (12, 10, page.Index),
            (page.Item.GetProperty("itemsInTotal").GetInt32(), page.Item.GetProperty("itemsPerPage").GetInt32(), page.Item.GetProperty("pageNumber")
                .GetInt32())));
        Assert.Equal(["items", "itemsInTotal", "itemsPerPage", "pageNumber"], pages[0].MemberNames());
        await host.GetAsync($"{Administration.SessionsOf(person.Id)}?page=-1", await host.AdminTokenAsync()).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_refresh_token_of_a_service_is_no_session()
    {
        var service = await host.CreateServiceAsync();
        var token = await host.ServiceTokenAsync(service.RefreshToken);

        Assert.Empty(await host.SessionsInFullAsync(service.Id));
        Assert.Equal(0, await host.RevokeAllAsync(service.Id));

        Assert.True(await host.HoldsAsync(token));
        await host.ServiceTokenAsync(service.RefreshToken);
    }

    [Fact]
    public async Task No_secret_is_shown()
    {
        var person = await host.CreatePersonAsync();
        var signedIn = await host.LoginAsync(person);

        var text = Assert.Single(await host.SessionsInFullAsync(person.Id)).GetRawText();

        Assert.DoesNotContain("hash", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("stamp", text, StringComparison.OrdinalIgnoreCase);
        foreach (var secret in new[] { signedIn.RefreshToken, signedIn.CsrfToken, signedIn.AccessToken })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_id_is_taken_in_any_letter_case_and_an_unknown_one_is_not_found()
    {
        var person = await host.CreatePersonAsync();
        await host.LoginAsync(person);

        Assert.Single(await host.SessionsInFullAsync(person.Id.ToUpperInvariant()));
        Assert.Equal("UNKNOWN_PRINCIPAL", await host.GetAsync("/admin/principals/nobody-at-all/sessions", await host.AdminTokenAsync())
            .ProblemAsync(HttpStatusCode.NotFound));
    }

    private static DateTimeOffset Moment(JsonElement session, string name) => session.GetProperty(name).GetDateTimeOffset();

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PrincipalSessionsTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PrincipalSessionsTests(store.Host);
}

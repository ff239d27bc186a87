using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens.SvixClient;

/// <summary>
/// The original npm clients work with an API key as their token: the oldest 1.x, a version that sends JSON as text/plain,
/// the last 1.x and the newest.
/// </summary>
public abstract class SvixClientTests(AuthHost host, SvixClients clients)
{
    public static TheoryData<string> Versions { get; } = new("1.4.12", "1.57.0", "1.99.1", "2.5.0");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Applications_are_made_found_changed_listed_and_deleted(string version)
    {
        var svix = clients.Get(version);
        var (key, uid) = ((await host.NewApiKeyAsync()).Key, NewName("uid"));

        var made = await svix.CallAsync(key, "application.create", new { name = "Ärger & Söhne", uid, metadata = new { plan = "gold" } });
        Assert.Equal(("Ärger & Söhne", uid, "gold"), (made.Text("name"), made.Text("uid"), made.GetProperty("metadata").Text("plan")));
        var now = host.Clock.GetUtcNow();
        Assert.All(["createdAt", "updatedAt"], member => Assert.InRange(made.GetProperty(member).GetDateTimeOffset(), now.AddMinutes(-1), now));
        foreach (var name in new[] { made.Text("id"), uid })
            Assert.Equal(made.GetRawText(), (await svix.CallAsync(key, "application.get", name)).GetRawText());

        Assert.Equal(made.Text("id"), (await svix.CallAsync(key, "application.getOrCreate", new { name = "other", uid })).Text("id"));
        Assert.Equal("fresh", (await svix.CallAsync(key, "application.getOrCreate", new { name = "fresh", uid = NewName("uid") })).Text("name"));

        var update = await svix.HasAsync("application.update") ? "application.update" : "application.upsert";
        Assert.Equal("changed", (await svix.CallAsync(key, update, uid, new { name = "changed", uid })).Text("name"));
        Assert.Contains(await WalkAsync(svix, key), application => application.Text("id") == made.Text("id"));

        await svix.CallAsync(key, "application.delete", uid);
        Assert.Equal(HttpStatusCode.NotFound, (await svix.RefusedAsync(key, "application.get", made.Text("id"))).Status);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Portals_are_opened_and_tokens_logged_out(string version)
    {
        var svix = clients.Get(version);
        var key = (await host.NewApiKeyAsync()).Key;
        var application = await host.CreateApplicationAsync(key);

        var request = new { featureFlags = new[] { "beta" }, expiry = 3_600 };
        var portal = PortalIn(await svix.CallAsync(key, "authentication.appPortalAccess", application.Uid, request));
        Assert.Equal("portal.example.com", portal.Url.Host);
        Assert.Equal(application.Uid, (await svix.CallAsync(portal.Token, "application.get", application.Id)).Text("uid"));

        await svix.CallAsync(portal.Token, "authentication.logout");
        Assert.Equal(HttpStatusCode.Unauthorized, (await svix.RefusedAsync(portal.Token, "application.get", application.Id)).Status);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_portal_makes_its_application_where_the_client_can_say_so(string version)
    {
        var svix = clients.Get(version);
        var (key, uid) = ((await host.NewApiKeyAsync()).Key, NewName("uid"));
        var request = new { application = new { name = "new", uid }, expiry = 604_800 };

        if (version is "1.4.12")
        {
            Assert.Equal(HttpStatusCode.NotFound, (await svix.RefusedAsync(key, "authentication.appPortalAccess", uid, request)).Status);
            return;
        }

        var portal = PortalIn(await svix.CallAsync(key, "authentication.appPortalAccess", uid, request));
        Assert.Equal("new", (await svix.CallAsync(portal.Token, "application.get", uid)).Text("name"));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Dashboards_are_opened_where_the_client_has_it(string version)
    {
        var svix = clients.Get(version);
        var key = (await host.NewApiKeyAsync()).Key;
        var application = await host.CreateApplicationAsync(key);

        Assert.Equal(version is not "2.5.0", await svix.HasAsync("authentication.dashboardAccess"));
        if (version is "2.5.0")
            return;

        var dashboard = PortalIn(await svix.CallAsync(key, "authentication.dashboardAccess", application.Id));
        await host.ExpectAcceptedAsync(dashboard.Token, application);
    }

    [Theory]
    [InlineData("1.57.0")]
    [InlineData("1.99.1")]
    [InlineData("2.5.0")]
    public async Task All_tokens_are_ended_at_once_or_soon(string version)
    {
        var svix = clients.Get(version);
        var key = (await host.NewApiKeyAsync()).Key;
        var application = await host.CreateApplicationAsync(key);
        var token = (await host.OpenPortalAsync(key, application)).Token;

        await svix.CallAsync(key, "authentication.expireAll", application.Uid, new { expiry = 600 });
        await host.ExpectAcceptedAsync(token, application);
        await svix.CallAsync(key, "authentication.expireAll", application.Uid);
        await host.ExpectRefusedAsync(token, application);
    }

    [Theory]
    [InlineData("1.99.1")]
    [InlineData("2.5.0")]
    public async Task The_tokens_of_one_session_are_ended_alone(string version)
    {
        var svix = clients.Get(version);
        var key = (await host.NewApiKeyAsync()).Key;
        var application = await host.CreateApplicationAsync(key);
        var mine = PortalIn(await svix.CallAsync(key, "authentication.appPortalAccess", application.Uid, new { sessionId = "mine" })).Token;
        var yours = PortalIn(await svix.CallAsync(key, "authentication.appPortalAccess", application.Uid, new { sessionId = "yours" })).Token;

        await svix.CallAsync(key, "authentication.expireAll", application.Uid, new { sessionIds = new[] { "mine" } });

        await host.ExpectRefusedAsync(mine, application);
        await host.ExpectAcceptedAsync(yours, application);
    }

    [Theory]
    [InlineData("1.99.1")]
    [InlineData("2.5.0")]
    public async Task An_application_is_upserted_and_patched(string version)
    {
        var svix = clients.Get(version);
        var (key, uid) = ((await host.NewApiKeyAsync()).Key, NewName("uid"));
        var upsert = await svix.HasAsync("application.upsert") ? "application.upsert" : "application.update";

        var made = await svix.CallAsync(key, upsert, uid, new { name = "n", uid, throttleRate = 5 });
        var patched = await svix.CallAsync(key, "application.patch", uid, new { name = "m" });
        var cleared = await svix.CallAsync(key, "application.patch", uid, AsSent("throttleRate"));

        Assert.Equal((uid, 5), (made.Text("uid"), made.GetProperty("throttleRate").GetInt32()));
        Assert.Equal((made.Text("id"), "m", 5), (patched.Text("id"), patched.Text("name"), patched.GetProperty("throttleRate").GetInt32()));
        Assert.Equal(JsonValueKind.Null, cleared.GetProperty("throttleRate").ValueKind);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Refusals_become_the_errors_that_the_client_knows(string version)
    {
        var svix = clients.Get(version);
        var key = (await host.NewApiKeyAsync()).Key;
        var application = await host.CreateApplicationAsync(key);
        var person = (await host.SignedInPersonAsync()).AccessToken;

        ExpectDetail(HttpStatusCode.Unauthorized, await svix.RefusedAsync($"sk_{new string('A', 43)}", "application.get", application.Id));
        ExpectDetail(HttpStatusCode.Forbidden, await svix.RefusedAsync(person, "application.get", application.Id));
        ExpectDetail(HttpStatusCode.Forbidden, await svix.RefusedAsync(key, "authentication.logout"));
        ExpectDetail(HttpStatusCode.NotFound, await svix.RefusedAsync(key, "application.get", NewName("uid")));
        ExpectDetail(HttpStatusCode.Conflict, await svix.RefusedAsync(key, "application.create", new { name = "n", uid = application.Uid }));
        ExpectFaults(await svix.RefusedAsync(key, "application.create", new { name = "", uid = "a/b" }), "body.name", "body.uid");
        ExpectFaults(await svix.RefusedAsync(key, "application.list", new { limit = 251 }), "query.limit");
        await host.ShowApplicationAsync(key, application.Id);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_idempotency_option_gives_the_same_answer_again(string version)
    {
        var svix = clients.Get(version);
        var (key, option) = ((await host.NewApiKeyAsync()).Key, new { idempotencyKey = NewName("key") });
        var application = await host.CreateApplicationAsync(key);

        var first = await svix.CallAsync(key, "application.create", new { name = "n" }, option);
        var again = await svix.CallAsync(key, "application.create", new { name = "n" }, option);
        var other = await svix.CallAsync(key, "application.create", new { name = "n" });
        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.NotEqual(first.Text("id"), other.Text("id"), StringComparer.Ordinal);

        var portals = new List<string>();
        for (var i = 0; i < 2; i++)
            portals.Add((await svix.CallAsync(key, "authentication.appPortalAccess", application.Id, new { }, option)).Text("token"));
        Assert.Single(portals.Distinct(StringComparer.Ordinal));
        for (var i = 0; i < 2; i++)
            await svix.CallAsync(portals[0], "authentication.logout", option);

        ExpectFaults(await svix.RefusedAsync(key, "application.create", new { name = "m" }, option), "header.idempotency-key");
    }

    /// <summary>Returns an object in which this member is null, and not absent.</summary>
    private static Dictionary<string, object?> AsSent(string member) => new(StringComparer.Ordinal) { [member] = null };

    private static async Task<List<JsonElement>> WalkAsync(SvixProcess svix, string key)
    {
        var applications = new List<JsonElement>();
        var page = await svix.CallAsync(key, "application.list", new { limit = 250 });
        applications.AddRange(page.GetProperty("data").EnumerateArray());
        while (!page.GetProperty("done").GetBoolean())
        {
            page = await svix.CallAsync(key, "application.list", new { limit = 250, iterator = page.Text("iterator") });
            applications.AddRange(page.GetProperty("data").EnumerateArray());
        }

        return applications;
    }

    private static void ExpectDetail(HttpStatusCode status, SvixRefusal refusal)
    {
        Assert.Equal(status, refusal.Status);
        Assert.NotEmpty(refusal.Body.Text("code"));
        Assert.NotEmpty(refusal.Body.Text("detail"));
    }

    private static void ExpectFaults(SvixRefusal refusal, params string[] places)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refusal.Status);
        var faults = refusal.Body.GetProperty("detail").EnumerateArray().ToList();
        Assert.All(faults, fault => Assert.NotEmpty(fault.Text("msg") + fault.Text("type")));
        var found = faults.Select(fault => string.Join('.', fault.GetProperty("loc").EnumerateArray().Select(part => part.GetString())));
        Assert.Equal(places, found.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SvixClients<SqliteStore> clients) : SvixClientTests(clients.Host, clients), IClassFixture<SvixClients<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(SvixClients<PostgresStore> clients) : SvixClientTests(clients.Host, clients), IClassFixture<SvixClients<PostgresStore>>;
}

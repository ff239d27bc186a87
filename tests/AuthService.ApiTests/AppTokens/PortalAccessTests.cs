using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>Magic links lead to the configured portal, hold the token only in the fragment, and expire.</summary>
public abstract class PortalAccessTests(AuthHost host)
{
    private const int Shortest = 3_600;
    private const int Longest = 604_800;

    [Theory]
    [InlineData("dashboard-access", "")]
    [InlineData("dashboard-access", "/")]
    [InlineData("app-portal-access", "")]
    [InlineData("app-portal-access", "/")]
    public async Task The_link_leads_to_the_configured_portal_with_the_token_in_the_fragment_alone(string route, string slash)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        (string, string)[] planted =
        [
            ("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("X-Original-Host", "evil.example"), ("Forwarded", "host=evil.example"),
        ];
        var portal = await host.SendAsync(HttpMethod.Post, $"/api/v1/auth/{route}/{application.Uid}{slash}", service, headers: planted).PortalAsync();

        Assert.Equal(("https", "portal.example.com", ""), (portal.Url.Scheme, portal.Url.Authority, portal.Url.Query));
        Assert.Contains(portal.Token, Uri.UnescapeDataString(portal.Url.Fragment), StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Token, portal.Url.GetLeftPart(UriPartial.Query), StringComparison.Ordinal);
        Assert.Matches("^appsk_[A-Za-z0-9_-]{43,}$", portal.Token);
        await host.ExpectAcceptedAsync(portal.Token, application);
    }

    [Fact]
    public async Task The_configured_address_is_kept_with_its_path()
    {
        await using var twin = await host.StartTwinAsync(new() { ["AppPortal:Url"] = "http://localhost:3000/customers/portal" });
        var service = await twin.NewServiceTokenAsync();

        var portal = await twin.OpenDashboardAsync(service, await twin.CreateApplicationAsync(service));

        Assert.StartsWith("http://localhost:3000/customers/portal", portal.Url.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_call_makes_a_token_of_its_own_and_all_of_them_hold()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        var portals = new List<Portal>();
        for (var i = 0; i < 2; i++)
            portals.AddRange(await host.OpenDashboardAsync(service, application), await host.OpenPortalAsync(service, application));

        Assert.Distinct(portals.Select(portal => portal.Token), StringComparer.Ordinal);
        foreach (var portal in portals)
            await host.ExpectAcceptedAsync(portal.Token, application);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Shortest)]
    [InlineData(5_000)]
    [InlineData(Longest)]
    public async Task A_token_lives_as_long_as_was_said_and_else_seven_days(int? expiry)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        using (host.Clock.Freeze())
        {
            var token = (await host.OpenPortalAsync(service, application, expiry)).Token;
            host.Clock.Advance(TimeSpan.FromSeconds((expiry ?? Longest) - 1));
            await host.ExpectAcceptedAsync(token, application);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await host.ExpectRefusedAsync(token, application);
        }
    }

    [Fact]
    public async Task A_dashboard_token_lives_seven_days()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        using (host.Clock.Freeze())
        {
            var token = (await host.OpenDashboardAsync(service, application)).Token;
            host.Clock.Advance(TimeSpan.FromSeconds(Longest - 1));
            await host.ExpectAcceptedAsync(token, application);
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await host.ExpectRefusedAsync(token, application);
        }
    }

    [Theory]
    [InlineData("{\"expiry\":3599}", "body.expiry")]
    [InlineData("{\"expiry\":604801}", "body.expiry")]
    [InlineData("{\"expiry\":0}", "body.expiry")]
    [InlineData("{\"expiry\":-3600}", "body.expiry")]
    [InlineData("{\"expiry\":3600.5}", "body.expiry")]
    [InlineData("{\"expiry\":\"3600\"}", "body.expiry")]
    [InlineData("{\"expiry\":\"soon\"}", "body.expiry")]
    [InlineData("{\"expiry\":true}", "body.expiry")]
    [InlineData("{\"expiry\":[3600]}", "body.expiry")]
    [InlineData("{\"expiry\":99999999999999999999}", "body.expiry")]
    [InlineData("{\"expiry\":1e400}", "body.expiry")]
    [InlineData("{\"featureFlags\":\"a\"}", "body.featureFlags")]
    [InlineData("{\"application\":\"a\"}", "body.application")]
    [InlineData("{\"application\":{}}", "body.application.name", "body.application.uid")]
    [InlineData("{\"application\":{\"name\":\"n\"}}", "body.application.uid")]
    [InlineData("{\"application\":{\"name\":\"n\",\"uid\":null}}", "body.application.uid")]
    [InlineData("{\"application\":{\"name\":\"n\",\"uid\":\"another\"}}", "body.application.uid")]
    [InlineData("{\"application\":{\"uid\":\"a/b\"},\"expiry\":7}", "body.application.name", "body.application.uid", "body.expiry")]
    [InlineData("{\"expiry\":7,\"featureFlags\":7}", "body.expiry", "body.featureFlags")]
    public async Task Every_fault_is_named_and_neither_a_token_nor_an_application_is_made(string body, params string[] places)
    {
        var (service, uid) = (await host.NewServiceTokenAsync(), NewName("uid"));
        var (tokens, applications) = (await host.Database.CountAsync("app_tokens"), await host.Database.CountAsync("applications"));

        await host.PostAsync(PortalOf(uid), service, AuthCalls.Json(body)).ExpectFaultsAsync(places);

        Assert.Equal((tokens, applications), (await host.Database.CountAsync("app_tokens"), await host.Database.CountAsync("applications")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("{\"expiry\":null,\"featureFlags\":null,\"application\":null,\"readOnly\":true,\"capabilities\":[\"ViewBase\"],\"sessionId\":\"s\"}")]
    [InlineData("{\"featureFlags\":[\"a\",\"b\"]}")]
    [InlineData("{\"featureFlags\":[]}")]
    public async Task Every_member_may_be_missing_and_unknown_ones_are_passed_over(string? body)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        var portal = await host.PostAsync(PortalOf(application.Id), service, body is null ? null : AuthCalls.Json(body)).PortalAsync();

        await host.ExpectAcceptedAsync(portal.Token, application);
    }

    [Fact]
    public async Task A_stray_content_type_on_a_call_without_a_body_is_no_fault()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        foreach (var path in new[] { DashboardOf(application.Id), PortalOf(application.Id) })
            await host.PostAsync(path, service, AuthCalls.Raw([], "text/plain;charset=UTF-8")).ExpectAsync(HttpStatusCode.OK);
        var stray = AuthCalls.Raw("null"u8.ToArray(), "application/x-www-form-urlencoded");
        await host.PostAsync(DashboardOf(application.Id), service, stray).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_application_that_is_given_is_made_once_and_left_alone_after_that()
    {
        var (service, uid) = (await host.NewServiceTokenAsync(), NewName("uid"));
        async Task<Portal> OpenAsync(string name) => PortalIn(await host.PostAsync(
            PortalOf(uid), service, new { application = new { name, uid, metadata = new { plan = "gold" }, rateLimit = 5 } }).ExpectAsync(HttpStatusCode.OK));

        var first = await OpenAsync("first");
        var made = await host.ShowApplicationAsync(service, uid);
        var second = await OpenAsync("second");

        Assert.Equal(("first", "gold", 5), (made.Text("name"), made.GetProperty("metadata").Text("plan"), made.GetProperty("rateLimit").GetInt32()));
        Assert.Equal(made.GetRawText(), (await host.ShowApplicationAsync(service, uid)).GetRawText());
        foreach (var portal in new[] { first, second })
            await host.ExpectAcceptedAsync(portal.Token, new Application(made.Text("id"), uid));
    }

    [Fact]
    public async Task Of_many_that_give_the_same_new_application_one_makes_it_and_all_get_a_token()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, uid) = (await host.NewServiceTokenAsync(), NewName("uid"));
        var before = await host.Database.CountAsync("applications");

        var portals = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => PortalIn(await (i % 2 == 0 ? host : twin)
            .PostAsync(PortalOf(uid), service, new { application = new { name = $"n{i}", uid } }).ExpectAsync(HttpStatusCode.OK))));

        Assert.Equal(before + 1, await host.Database.CountAsync("applications"));
        Assert.Distinct(portals.Select(portal => portal.Token), StringComparer.Ordinal);
        var made = new Application((await host.ShowApplicationAsync(service, uid)).Text("id"), uid);
        foreach (var portal in portals)
            await twin.ExpectAcceptedAsync(portal.Token, made);
    }

    [Fact]
    public async Task Without_an_application_an_unknown_id_is_404()
    {
        var service = await host.NewServiceTokenAsync();

        await host.PostAsync(PortalOf(NewName("uid")), service, new { }).DetailAsync(HttpStatusCode.NotFound);
        const string id = "app_0123456789abcdef0123456789abcdef";
        await host.PostAsync(PortalOf(id), service, new { application = new { name = "n", uid = id } }).FaultsAsync();
    }

    [Fact]
    public async Task The_store_never_holds_the_token()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        var tokens = new[] { (await host.OpenDashboardAsync(service, application)).Token, (await host.OpenPortalAsync(service, application)).Token };

        await StoreContents.ExpectNoneOfAsync(host.Database, tokens, butDoesHold: application.Uid);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PortalAccessTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PortalAccessTests(store.Host);
}

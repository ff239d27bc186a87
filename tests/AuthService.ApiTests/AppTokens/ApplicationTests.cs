using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>Applications are created, found by id or uid, changed and deleted.</summary>
public abstract class ApplicationTests(AuthHost host)
{
    private static readonly string[] Members = ["createdAt", "id", "metadata", "name", "rateLimit", "throttleRate", "uid", "updatedAt"];

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_new_application_is_answered_with_all_of_it_and_found_by_id_and_uid(string slash)
    {
        var (service, uid) = (await host.NewServiceTokenAsync(), NewName("uid"));
        var before = host.Clock.GetUtcNow();

        var created = await host.PostAsync($"{AppTokenCalls.Applications}{slash}", service, new
        {
            name = "Ärger & Söhne \"漢字\" 🎉",
            uid,
            metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["plan"] = "gold", ["Plan"] = "" },
            rateLimit = 65_535,
        }).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(Members, created.MemberNames());
        Assert.Matches("^app_[A-Za-z0-9_-]{16,}$", created.Text("id"));
        Assert.Equal((uid, "Ärger & Söhne \"漢字\" 🎉"), (created.Text("uid"), created.Text("name")));
        Assert.Equal(("gold", ""), (created.GetProperty("metadata").Text("plan"), created.GetProperty("metadata").Text("Plan")));
        Assert.Equal(65_535, created.GetProperty("rateLimit").GetInt32());
        Assert.Equal(MomentIn(created, "createdAt"), MomentIn(created, "updatedAt"));
        Assert.InRange(MomentIn(created, "createdAt"), before.AddSeconds(-1), host.Clock.GetUtcNow().AddSeconds(1));
        foreach (var name in new[] { created.Text("id"), uid })
            ExpectSame(created, await host.GetAsync($"{PathOf(name)}{slash}", service).ExpectAsync(HttpStatusCode.OK));
    }

    [Fact]
    public async Task Only_the_name_is_needed()
    {
        var service = await host.NewServiceTokenAsync();

        var created = await host.PostAsync(AppTokenCalls.Applications, service, new { name = "n" }).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(Members, created.MemberNames());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (created.GetProperty("uid").ValueKind, created.GetProperty("rateLimit").ValueKind));
        Assert.Equal("{}", created.GetProperty("metadata").GetRawText());
        ExpectSame(created, await host.ShowApplicationAsync(service, created.Text("id")));
    }

    [Fact]
    public async Task Unknown_members_are_passed_over_and_nulls_are_as_good_as_missing()
    {
        var service = await host.NewServiceTokenAsync();

        var created = await host.PostAsync(AppTokenCalls.Applications, service, AuthCalls.Json(
            """{"name":"n","uid":null,"metadata":null,"rateLimit":null,"throttleRate":7,"id":"app_mine","createdAt":"1970-01-01T00:00:00Z"}"""))
            .ExpectAsync(HttpStatusCode.Created);

        Assert.NotEqual("app_mine", created.Text("id"), StringComparer.Ordinal);
        Assert.Equal("{}", created.GetProperty("metadata").GetRawText());
    }

    [Fact]
    public async Task A_uid_in_use_is_409_and_nothing_is_made_and_a_uid_tells_capitals_apart()
    {
        var service = await host.NewServiceTokenAsync();
        var first = await host.CreateApplicationAsync(service);

        await host.PostAsync(AppTokenCalls.Applications, service, new { name = "other", uid = first.Uid }).DetailAsync(HttpStatusCode.Conflict);

        Assert.Equal("An application", (await host.ShowApplicationAsync(service, first.Uid)).Text("name"));
        var capitals = await host.CreateApplicationAsync(service, first.Uid.ToUpperInvariant());
        Assert.NotEqual(first.Id, capitals.Id, StringComparer.Ordinal);
        Assert.Equal(first.Id, (await host.ShowApplicationAsync(service, first.Uid)).Text("id"));
    }

    [Fact]
    public async Task With_get_if_exists_a_known_uid_gives_the_application_as_it_is()
    {
        var service = await host.NewServiceTokenAsync();
        var known = await host.CreateApplicationAsync(service);
        var path = $"{AppTokenCalls.Applications}?get_if_exists=true";

        var again = await host.PostAsync(path, service, new { name = "other", uid = known.Uid }).ExpectAsync(HttpStatusCode.OK);
        var fresh = await host.PostAsync(path, service, new { name = "fresh", uid = NewName("uid") }).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal((known.Id, "An application"), (again.Text("id"), again.Text("name")));
        Assert.Equal("fresh", fresh.Text("name"));
        var without = path.Replace("true", "false", StringComparison.Ordinal);
        await host.PostAsync(without, service, new { name = "n", uid = known.Uid }).DetailAsync(HttpStatusCode.Conflict);
        await host.PostAsync(path.Replace("true", "perhaps", StringComparison.Ordinal), service, new { name = "n" }).ExpectFaultsAsync("query.get_if_exists");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_put_replaces_what_can_be_changed(string slash)
    {
        var (service, uid) = (await host.NewServiceTokenAsync(), NewName("uid"));
        var first = await host.PostAsync(AppTokenCalls.Applications, service, new { name = "n", uid = NewName("uid"), rateLimit = 5 })
            .ExpectAsync(HttpStatusCode.Created);
        host.Clock.Advance(TimeSpan.FromSeconds(2));

        var changed = await host.PutAsync($"{PathOf(first.Text("uid"))}{slash}", service, new { name = "m", uid, metadata = new { a = "b" } })
            .ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(Members, changed.MemberNames());
        Assert.Equal((first.Text("id"), uid, "m"), (changed.Text("id"), changed.Text("uid"), changed.Text("name")));
        Assert.Equal("b", changed.GetProperty("metadata").Text("a"));
        Assert.Equal(JsonValueKind.Null, changed.GetProperty("rateLimit").ValueKind);
        Assert.Equal(MomentIn(first, "createdAt"), MomentIn(changed, "createdAt"));
        Assert.True(MomentIn(changed, "updatedAt") > MomentIn(changed, "createdAt"));
        ExpectSame(changed, await host.ShowApplicationAsync(service, uid));
        await host.GetAsync(PathOf(first.Text("uid")), service).DetailAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_put_cannot_take_the_uid_of_another()
    {
        var service = await host.NewServiceTokenAsync();
        var (one, two) = (await host.CreateApplicationAsync(service), await host.CreateApplicationAsync(service));

        await host.PutAsync(PathOf(one.Id), service, new { name = "n", uid = two.Uid }).DetailAsync(HttpStatusCode.Conflict);
        await host.PutAsync(PathOf(one.Id), service, new { name = "n", uid = one.Uid }).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(two.Id, (await host.ShowApplicationAsync(service, two.Uid)).Text("id"));
    }

    [Fact]
    public async Task The_record_of_a_deletion_names_the_application_by_its_id()
    {
        var (service, admin) = (await host.NewServiceTokenAsync(), await host.AdminTokenAsync());
        var application = await host.CreateApplicationAsync(service);

        var row = Assert.Single(await host.RowsOfAsync(admin, () => host.DeleteAsync(PathOf(application.Uid), service), HttpStatusCode.NoContent));

        Assert.Equal(("application_deleted", $"{application.Id} ({application.Uid})"), (row.Text("event"), row.Text("detail")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_deleted_application_is_gone_with_its_tokens_and_frees_its_uid(string slash)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var portal = await host.OpenDashboardAsync(service, application);

        await host.DeleteAsync($"{PathOf(application.Uid)}{slash}", service).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectRefusedAsync(portal.Token, application);
        await host.PostAsync(Logout, portal.Token).DetailAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync(PathOf(application.Id), service).DetailAsync(HttpStatusCode.NotFound);
        await host.DeleteAsync(PathOf(application.Id), service).DetailAsync(HttpStatusCode.NotFound);
        await host.PostAsync(DashboardOf(application.Id), service).DetailAsync(HttpStatusCode.NotFound);
        Assert.NotEqual(application.Id, (await host.CreateApplicationAsync(service, application.Uid)).Id, StringComparer.Ordinal);
        await host.ExpectRefusedAsync(portal.Token, application);
    }

    [Fact]
    public async Task Every_service_may_work_with_each_application()
    {
        var (mine, yours) = (await host.NewServiceTokenAsync(), await host.NewServiceTokenAsync());
        var application = await host.CreateApplicationAsync(mine);

        Assert.Equal(application.Id, (await host.ShowApplicationAsync(yours, application.Uid)).Text("id"));
        await host.PutAsync(PathOf(application.Id), yours, new { name = "ours" }).ExpectAsync(HttpStatusCode.OK);
        await host.OpenDashboardAsync(yours, application);
        await host.DeleteAsync(PathOf(application.Id), yours).ExpectAsync(HttpStatusCode.NoContent);

        await host.GetAsync(PathOf(application.Id), mine).DetailAsync(HttpStatusCode.NotFound);
    }

    private static DateTimeOffset MomentIn(JsonElement application, string member) =>
        DateTimeOffset.Parse(application.Text(member), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static void ExpectSame(JsonElement expected, JsonElement actual) =>
        Assert.True(JsonElement.DeepEquals(expected, actual), $"{expected}\nis not\n{actual}");

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ApplicationTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ApplicationTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : ApplicationTests(store.Host);
}

using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>PUT creates a missing application, PATCH changes only the members in the body, and the rate limit has two accepted names.</summary>
public abstract class ApplicationUpsertTests(AuthHost host)
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_put_makes_an_unknown_application_and_the_same_put_finds_it_again(string slash)
    {
        var (service, uid) = (await host.NewServiceTokenAsync(), NewName("uid"));

        using var response = await host.PutAsync($"{PathOf(uid)}{slash}", service, new { name = "n", throttleRate = 9 });
        var created = await response.ExpectAsync(HttpStatusCode.Created);
        var again = await host.PutAsync($"{PathOf(uid)}{slash}", service, new { name = "m" }).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal((uid, "n"), (created.Text("uid"), created.Text("name")));
        Assert.Equal($"{AppTokenCalls.Applications}/{created.Text("id")}", response.Headers.Location?.ToString());
        Assert.Equal((created.Text("id"), uid, "m"), (again.Text("id"), again.Text("uid"), again.Text("name")));
        Assert.Equal(JsonValueKind.Null, again.GetProperty("throttleRate").ValueKind);
    }

    [Fact]
    public async Task A_put_makes_nothing_under_an_id_and_nothing_with_another_uid()
    {
        var (service, uid, id) = (await host.NewServiceTokenAsync(), NewName("uid"), $"app_{Guid.NewGuid():N}");

        await host.PutAsync(PathOf(id), service, new { name = "n" }).DetailAsync(HttpStatusCode.NotFound);
        await host.PutAsync(PathOf(uid), service, new { name = "n", uid = NewName("uid") }).ExpectFaultsAsync("body.uid");

        await host.GetAsync(PathOf(uid), service).DetailAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_many_puts_at_once_one_makes_the_application()
    {
        var (service, uid) = (await host.NewServiceTokenAsync(), NewName("uid"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var response = await host.PutAsync(PathOf(uid), service, new { name = "n" });
            return (response.StatusCode, Id: (await response.ExpectAsync(response.StatusCode)).Text("id"));
        }));

        Assert.Single(answers, answer => answer.StatusCode is HttpStatusCode.Created);
        Assert.Equal(11, answers.Count(answer => answer.StatusCode is HttpStatusCode.OK));
        Assert.Single(answers.Select(answer => answer.Id).Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("{}", "n", "u", "gold", 5)]
    [InlineData("{\"name\":null,\"metadata\":null}", "n", "u", "gold", 5)]
    [InlineData("{\"name\":\"m\"}", "m", "u", "gold", 5)]
    [InlineData("{\"uid\":null}", "n", null, "gold", 5)]
    [InlineData("{\"throttleRate\":null}", "n", "u", "gold", null)]
    [InlineData("{\"rateLimit\":null}", "n", "u", "gold", null)]
    [InlineData("{\"throttleRate\":7}", "n", "u", "gold", 7)]
    [InlineData("{\"rateLimit\":7,\"throttleRate\":7.0}", "n", "u", "gold", 7)]
    [InlineData("{\"metadata\":{\"plan\":\"tin\"}}", "n", "u", "tin", 5)]
    public async Task A_patch_changes_what_it_names(string patch, string name, string? uid, string plan, int? rate)
    {
        var (service, own) = (await host.NewServiceTokenAsync(), NewName("uid"));
        var body = new { name = "n", uid = own, metadata = new { plan = "gold" }, throttleRate = 5 };
        var id = await host.PostAsync(AppTokenCalls.Applications, service, body).CreatedIdAsync();

        var changed = await host.PatchAsync(PathOf(own), service, AuthCalls.Json(patch)).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal((id, name, plan), (changed.Text("id"), changed.Text("name"), changed.GetProperty("metadata").Text("plan")));
        Assert.Equal(uid is null ? null : own, changed.GetProperty("uid").GetString());
        Assert.All(["rateLimit", "throttleRate"], member => Assert.Equal(rate, changed.GetProperty(member).Deserialize<int?>()));
        Assert.True(JsonElement.DeepEquals(changed, await host.ShowApplicationAsync(service, id)), "The answer is not what was stored");
    }

    [Fact]
    public async Task A_patch_is_refused_as_a_put_is()
    {
        var service = await host.NewServiceTokenAsync();
        var (one, two) = (await host.CreateApplicationAsync(service), await host.CreateApplicationAsync(service));

        await host.PatchAsync(PathOf(one.Id), service, new { uid = two.Uid }).DetailAsync(HttpStatusCode.Conflict);
        await host.PatchAsync(PathOf(NewName("uid")), service, new { name = "n" }).DetailAsync(HttpStatusCode.NotFound);
        await host.PatchAsync(PathOf(one.Id), service, AuthCalls.Json("""{"name":"","uid":"a/b","metadata":1,"throttleRate":65536}"""))
            .ExpectFaultsAsync("body.metadata", "body.name", "body.throttleRate", "body.uid");
        var token = (await host.OpenDashboardAsync(service, one)).Token;
        await host.PatchAsync(PathOf(one.Id), token, new { name = "mine" }).DetailAsync(HttpStatusCode.Forbidden);

        Assert.Equal("An application", (await host.ShowApplicationAsync(service, one.Id)).Text("name"));
    }

    [Theory]
    [InlineData("POST", "{\"name\":\"n\",\"rateLimit\":5,\"throttleRate\":6}")]
    [InlineData("PUT", "{\"name\":\"n\",\"rateLimit\":5,\"throttleRate\":6}")]
    [InlineData("PATCH", "{\"rateLimit\":5,\"throttleRate\":6}")]
    [InlineData("PATCH", "{\"rateLimit\":5,\"throttleRate\":null}")]
    [InlineData("PATCH", "{\"rateLimit\":null,\"throttleRate\":6}")]
    public async Task Two_different_rates_are_422(string method, string body)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var path = method is "POST" ? AppTokenCalls.Applications : PathOf(application.Id);

        await host.SendAsync(HttpMethod.Parse(method), path, service, AuthCalls.Json(body)).ExpectFaultsAsync("body.throttleRate");
    }

    [Fact]
    public async Task Two_patches_of_different_members_at_once_both_hold()
    {
        var service = await host.NewServiceTokenAsync();
        for (var round = 0; round < 10; round++)
        {
            var application = await host.CreateApplicationAsync(service);

            await Task.WhenAll(
                host.PatchAsync(PathOf(application.Id), service, new { name = "m" }).ExpectAsync(HttpStatusCode.OK),
                host.PatchAsync(PathOf(application.Id), service, new { throttleRate = 3 }).ExpectAsync(HttpStatusCode.OK));

            var shown = await host.ShowApplicationAsync(service, application.Id);
            Assert.Equal(("m", 3), (shown.Text("name"), shown.GetProperty("throttleRate").GetInt32()));
        }
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ApplicationUpsertTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ApplicationUpsertTests(store.Host);
}

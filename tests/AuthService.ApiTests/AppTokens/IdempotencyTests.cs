using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>A POST that is repeated with its Idempotency-Key takes effect once and gets the same response again.</summary>
public abstract class IdempotencyTests(AuthHost host)
{
    public static TheoryData<string> Posts { get; } =
        new("create", "create with uid", "get if exists", "dashboard-access", "app-portal-access", "new application", "expire-all");

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_repeat_gets_the_same_answer_and_nothing_is_done_again(string post)
    {
        var service = await host.NewServiceTokenAsync();
        var (path, body) = await RequestAsync(post, service);
        var key = NewName("key");

        var first = await AnswerAsync(host.PostWithKeyAsync(path, service, key, body));
        var (applications, tokens, events) = await EffectsAsync();
        var again = await AnswerAsync(host.PostWithKeyAsync(path, service, key, body));
        var withSlash = await AnswerAsync(host.PostWithKeyAsync(path.Contains('?', StringComparison.Ordinal) ? path : $"{path}/", service, key, body));

        Assert.InRange(first.Status, 200, 204);
        Assert.Equal(first, again);
        Assert.Equal(first, withSlash);
        Assert.Equal((applications, tokens, events), await EffectsAsync());
    }

    [Theory]
    [InlineData("create")]
    [InlineData("create with uid")]
    [InlineData("get if exists")]
    [InlineData("app-portal-access")]
    [InlineData("new application")]
    [InlineData("expire-all")]
    public async Task The_same_key_with_another_body_is_422_and_does_nothing(string post)
    {
        var service = await host.NewServiceTokenAsync();
        var (path, body) = await RequestAsync(post, service);
        var key = NewName("key");
        var first = await AnswerAsync(host.PostWithKeyAsync(path, service, key, body));
        var before = await EffectsAsync();

        object another = post is "expire-all" ? new { expiry = 4_000 } : new { name = "another", uid = NewName("uid"), expiry = 4_000 };
        var fault = Assert.Single(await host.PostWithKeyAsync(path, service, key, another).FaultsAsync());

        Assert.StartsWith("header", fault.Location, StringComparison.Ordinal);
        Assert.Equal(before, await EffectsAsync());
        Assert.Equal(first, await AnswerAsync(host.PostWithKeyAsync(path, service, key, body)));
    }

    [Fact]
    public async Task A_body_that_is_passed_over_makes_no_other_call()
    {
        var (service, key) = (await host.NewServiceTokenAsync(), NewName("key"));
        var path = DashboardOf((await host.CreateApplicationAsync(service)).Id);

        var first = await AnswerAsync(host.PostWithKeyAsync(path, service, key));

        Assert.Equal(first, await AnswerAsync(host.PostWithKeyAsync(path, service, key, new { stray = true })));
    }

    [Fact]
    public async Task Without_a_key_or_with_another_one_each_call_is_done()
    {
        var service = await host.NewServiceTokenAsync();
        var key = NewName("key");

        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            ids.Add(await host.PostAsync(AppTokenCalls.Applications, service, new { name = "n" }).CreatedIdAsync());
            ids.Add(await host.PostWithKeyAsync(AppTokenCalls.Applications, service, $"{key}{i}", new { name = "n" }).CreatedIdAsync());
        }

        ids.Add(await host.PostWithKeyAsync(AppTokenCalls.Applications, service, key.ToUpperInvariant() + "0", new { name = "n" }).CreatedIdAsync());
        Assert.Distinct(ids, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_key_counts_for_its_caller_alone_with_whatever_token_it_comes()
    {
        var (service, other) = (await host.CreateServiceAsync(), await host.NewServiceTokenAsync());
        var (key, body) = (NewName("key"), new { name = "n" });
        async Task<string> CreateAsync(string bearer) =>
            await host.PostWithKeyAsync(AppTokenCalls.Applications, bearer, key, body).CreatedIdAsync();

        var first = await CreateAsync(await host.ServiceTokenAsync(service.RefreshToken));

        Assert.Equal(first, await CreateAsync(await host.ServiceTokenAsync(service.RefreshToken)));
        Assert.Equal(first, await CreateAsync((await host.NewApiKeyAsync(service.Id)).Key));
        Assert.NotEqual(first, await CreateAsync(other), StringComparer.Ordinal);
        Assert.NotEqual(first, await CreateAsync(await host.AdminTokenAsync()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_key_counts_for_its_route_alone()
    {
        var (service, key) = (await host.NewServiceTokenAsync(), NewName("key"));
        var (one, two) = (await host.CreateApplicationAsync(service), await host.CreateApplicationAsync(service));

        var first = await host.PostWithKeyAsync(DashboardOf(one.Id), service, key).PortalAsync();
        var second = await host.PostWithKeyAsync(DashboardOf(two.Id), service, key).PortalAsync();
        var third = await host.PostWithKeyAsync(PortalOf(one.Id), service, key).PortalAsync();
        await host.PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = "n" }).ExpectAsync(HttpStatusCode.Created);

        await host.ExpectAcceptedAsync(first.Token, one);
        await host.ExpectAcceptedAsync(second.Token, two);
        Assert.NotEqual(first.Token, third.Token, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("UPPER")]
    public async Task However_its_path_is_spelled_the_route_is_the_same(string spelling)
    {
        var (service, key, body) = (await host.NewServiceTokenAsync(), NewName("key"), new { name = "n" });
        var respelled = spelling is "UPPER" ? AppTokenCalls.Applications.ToUpperInvariant() : AppTokenCalls.Applications.TrimEnd('/') + spelling;

        var first = await host.PostWithKeyAsync(AppTokenCalls.Applications, service, key, body).CreatedIdAsync();

        Assert.Equal(first, await host.PostWithKeyAsync(respelled, service, key, body).CreatedIdAsync());
    }

    [Fact]
    public async Task Authentication_comes_first()
    {
        var (service, key) = (await host.CreateServiceAsync(), NewName("key"));
        var apiKey = await host.NewApiKeyAsync(service.Id);
        var application = await host.CreateApplicationAsync(apiKey.Key);
        var path = DashboardOf(application.Id);
        var portal = await host.PostWithKeyAsync(path, apiKey.Key, key).PortalAsync();

        await host.PostWithKeyAsync(path, bearer: null, key).DetailAsync(HttpStatusCode.Unauthorized);
        await host.PostWithKeyAsync(path, (await host.SignedInPersonAsync()).AccessToken, key).DetailAsync(HttpStatusCode.Forbidden);
        await host.PostWithKeyAsync(path, portal.Token, key).DetailAsync(HttpStatusCode.Forbidden);
        await host.RevokeAsync(apiKey);
        await host.PostWithKeyAsync(path, apiKey.Key, key).DetailAsync(HttpStatusCode.Unauthorized);
        await host.PostWithKeyAsync(path, bearer: null, new string('x', 300)).DetailAsync(HttpStatusCode.Unauthorized);

        Assert.Equal(portal, await host.PostWithKeyAsync(path, await host.ServiceTokenAsync(service.RefreshToken), key).PortalAsync());
    }

    [Fact]
    public async Task A_failed_first_call_leaves_the_key_free()
    {
        var (service, key, uid) = (await host.NewServiceTokenAsync(), NewName("key"), NewName("uid"));

        await host.PostWithKeyAsync(PortalOf(uid), service, key, new { }).DetailAsync(HttpStatusCode.NotFound);
        await host.PostWithKeyAsync(PortalOf(uid), service, key, new { expiry = 7 }).FaultsAsync();
        await host.PostWithKeyAsync(PortalOf(uid), service, key, new { application = new { name = "n", uid } }).ExpectAsync(HttpStatusCode.OK);

        await host.PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = "n", uid }).DetailAsync(HttpStatusCode.Conflict);
        await host.PostWithKeyAsync(AppTokenCalls.Applications, service, key, AuthCalls.Json("{")).DetailAsync(HttpStatusCode.BadRequest);
        await host.PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = "n" }).ExpectAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_logout_that_is_repeated_with_its_key_gets_its_204_again()
    {
        await using var twin = await host.StartTwinAsync();
        var (service, key) = (await host.NewServiceTokenAsync(), NewName("key"));
        var application = await host.CreateApplicationAsync(service);
        var (token, other) = ((await host.OpenDashboardAsync(service, application)).Token, (await host.OpenDashboardAsync(service, application)).Token);

        foreach (var (instance, slash) in new[] { (host, ""), (twin, ""), (host, "/") })
            await instance.PostWithKeyAsync(Logout + slash, token, key).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectRefusedAsync(token, application);
        await host.PostAsync(Logout, token).DetailAsync(HttpStatusCode.Unauthorized);
        await host.PostWithKeyAsync(Logout, token, $"{key}2").DetailAsync(HttpStatusCode.Unauthorized);
        await host.PostWithKeyAsync(Logout, token[..^1] + (token[^1] == 'A' ? 'Q' : 'A'), key).DetailAsync(HttpStatusCode.Unauthorized);
        await host.PostWithKeyAsync(DashboardOf(application.Id), token, key).DetailAsync(HttpStatusCode.Unauthorized);
        await host.ExpectAcceptedAsync(other, application);
        await host.PostWithKeyAsync(Logout, other, key).ExpectAsync(HttpStatusCode.NoContent);
        await host.ExpectRefusedAsync(other, application);
    }

    [Fact]
    public async Task A_refused_logout_leaves_no_way_in_for_its_repeat()
    {
        var (service, key) = (await host.NewServiceTokenAsync(), NewName("key"));

        for (var i = 0; i < 2; i++)
            await host.PostWithKeyAsync(Logout, service, key).DetailAsync(HttpStatusCode.Forbidden);

        await host.CreateApplicationAsync(service);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("put")]
    [InlineData("delete")]
    public async Task On_other_methods_the_key_is_passed_over(string method)
    {
        var (service, key) = (await host.NewServiceTokenAsync(), ("Idempotency-Key", new string('x', 300)));
        var application = await host.CreateApplicationAsync(service);

        for (var i = 0; i < (method is "delete" ? 1 : 2); i++)
        {
            var body = method is "put" ? new { name = $"n{i}" } : null;
            using var answer = await host.SendAsync(HttpMethod.Parse(method), PathOf(application.Id), service, body, key);
            Assert.True(answer.IsSuccessStatusCode);
        }
    }

    private async Task<(string Path, object? Body)> RequestAsync(string post, string service)
    {
        var uid = NewName("uid");
        var application = await host.CreateApplicationAsync(service);
        return post switch
        {
            "create" => (AppTokenCalls.Applications, new { name = "Ärger \"漢字\"" }),
            "create with uid" => (AppTokenCalls.Applications, new { name = "n", uid }),
            "get if exists" => ($"{AppTokenCalls.Applications}?get_if_exists=true", new { name = "n", uid }),
            "dashboard-access" => (DashboardOf(application.Id), null),
            "app-portal-access" => (PortalOf(application.Uid), new { expiry = 3_600 }),
            "new application" => (PortalOf(uid), new { application = new { name = "n", uid } }),
            _ => (ExpireAllOf(application.Id), new { expiry = 60 }),
        };
    }

    private async Task<(long Applications, long Tokens, long Events)> EffectsAsync() =>
        (await host.Database.CountAsync("applications"), await host.Database.CountAsync("app_tokens"), await host.Database.CountAsync("audit_events"));

    /// <summary>Returns the parts of a response that must be equal when it is repeated.</summary>
    private static async Task<(int Status, string Type, string Location, string Caching, string Body)> AnswerAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var (headers, body) = (response.Headers, await response.Content.ReadAsStringAsync());
        return ((int)response.StatusCode, $"{response.Content.Headers.ContentType}", $"{headers.Location}", $"{headers.CacheControl}", body);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : IdempotencyTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : IdempotencyTests(store.Host);

    [Collection("pgbouncer")]
    public sealed class OnPgBouncer(PgBouncerStore store) : IdempotencyTests(store.Host);
}

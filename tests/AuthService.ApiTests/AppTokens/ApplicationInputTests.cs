using System.Net;
using System.Text;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>A response to an invalid application names all its errors at once, and nothing is created or changed.</summary>
public abstract class ApplicationInputTests(AuthHost host)
{
    [Theory]
    [InlineData("{}", "body.name")]
    [InlineData("{\"name\":null}", "body.name")]
    [InlineData("{\"name\":\"\"}", "body.name")]
    [InlineData("{\"name\":\" \\t\"}", "body.name")]
    [InlineData("{\"name\":7}", "body.name")]
    [InlineData("{\"name\":[\"n\"]}", "body.name")]
    [InlineData("{\"name\":\"a\\u0000b\"}", "body.name")]
    [InlineData("{\"name\":\"n\",\"uid\":\"\"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":\" \"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":\"a b\"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":\"a/b\"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":\"a%2Fb\"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":\"..\"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":\".\"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":\"ü\"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":\"uid\\n\"}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"uid\":7}", "body.uid")]
    [InlineData("{\"name\":\"n\",\"rateLimit\":-1}", "body.rateLimit")]
    [InlineData("{\"name\":\"n\",\"rateLimit\":65536}", "body.rateLimit")]
    [InlineData("{\"name\":\"n\",\"rateLimit\":99999999999999999999}", "body.rateLimit")]
    [InlineData("{\"name\":\"n\",\"rateLimit\":1.5}", "body.rateLimit")]
    [InlineData("{\"name\":\"n\",\"rateLimit\":\"5\"}", "body.rateLimit")]
    [InlineData("{\"name\":\"n\",\"rateLimit\":true}", "body.rateLimit")]
    [InlineData("{\"name\":\"n\",\"metadata\":\"x\"}", "body.metadata")]
    [InlineData("{\"name\":\"n\",\"metadata\":[]}", "body.metadata")]
    [InlineData("{\"name\":\"n\",\"metadata\":{\"a\":1}}", "body.metadata")]
    [InlineData("{\"name\":\"n\",\"metadata\":{\"a\":null}}", "body.metadata")]
    public async Task A_fault_is_named_with_its_place(string body, string location)
    {
        var service = await host.NewServiceTokenAsync();
        var known = await host.CreateApplicationAsync(service);
        var before = await host.Database.CountAsync("applications");

        await host.PostAsync(AppTokenCalls.Applications, service, AuthCalls.Json(body)).ExpectFaultsAsync(location);
        await host.PutAsync(PathOf(known.Id), service, AuthCalls.Json(body)).ExpectFaultsAsync(location);

        Assert.Equal(before, await host.Database.CountAsync("applications"));
        Assert.Equal("An application", (await host.ShowApplicationAsync(service, known.Id)).Text("name"));
    }

    [Fact]
    public async Task All_faults_are_named_at_once()
    {
        var service = await host.NewServiceTokenAsync();
        var known = await host.CreateApplicationAsync(service);
        var body = """{"name":"","uid":"a/b","rateLimit":"5","metadata":{"a":1,"b":"x","c":[]}}""";
        string[] places = ["body.name", "body.uid", "body.rateLimit", "body.metadata"];

        await host.PostAsync(AppTokenCalls.Applications, service, AuthCalls.Json(body)).ExpectFaultsAsync(places);
        await host.PutAsync(PathOf(known.Id), service, AuthCalls.Json(body)).ExpectFaultsAsync(places);
    }

    [Fact]
    public async Task A_uid_has_up_to_256_characters()
    {
        var service = await host.NewServiceTokenAsync();
        var longest = $"{NewName("u.i_d")}{new string('x', 256)}"[..256];

        var application = await host.CreateApplicationAsync(service, longest);
        Assert.Equal(application.Id, (await host.ShowApplicationAsync(service, longest)).Text("id"));
        await host.PostAsync(AppTokenCalls.Applications, service, new { name = "n", uid = longest + "x" }).ExpectFaultsAsync("body.uid");
        await host.PostAsync(AppTokenCalls.Applications, service, new { name = "n", uid = new string('x', 300) }).ExpectFaultsAsync("body.uid");
    }

    [Fact]
    public async Task A_uid_cannot_be_the_id_of_another()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        await host.PostAsync(AppTokenCalls.Applications, service, new { name = "n", uid = application.Id }).FaultsAsync();

        Assert.Equal(application.Uid, (await host.ShowApplicationAsync(service, application.Id)).Text("uid"));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("app_unknown")]
    [InlineData("app_")]
    [InlineData("app_0123456789abcdef0123456789abcdef")]
    [InlineData("...")]
    public async Task An_id_that_nobody_has_is_404_on_every_route_but_PUT_which_makes_an_application_of_a_uid(string id)
    {
        var service = await host.NewServiceTokenAsync();
        var refusing = RoutesOf(id).Where(route => route.Method != HttpMethod.Put || id is "app_0123456789abcdef0123456789abcdef");

        foreach (var (method, path, body) in refusing.Append((HttpMethod.Get, $"/api/v1/app/{new string('x', 256)}", null)))
        {
            await host.SendAsync(method, path, service, body).DetailAsync(HttpStatusCode.NotFound);
            await host.SendAsync(method, $"{path}/", service, body).DetailAsync(HttpStatusCode.NotFound);
        }
    }

    [Theory]
    [InlineData("a%2Fb")]
    [InlineData("a%252Fb")]
    [InlineData("%20")]
    [InlineData("%FF")]
    [InlineData("'%20OR%201=1--")]
    [InlineData("%E6%BC%A2%F0%9F%8E%89")]
    [InlineData("300")]
    public async Task What_cannot_be_an_id_is_422_on_every_route(string id)
    {
        var service = await host.NewServiceTokenAsync();

        foreach (var (method, path, body) in RoutesOf(id is "300" ? new string('x', 300) : id))
            await host.SendAsync(method, path, service, body).ExpectFaultsAsync("path.app_id");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"n\"")]
    [InlineData("7")]
    public async Task JSON_that_is_no_object_is_422(string body) =>
        await host.PostAsync(AppTokenCalls.Applications, await host.NewServiceTokenAsync(), AuthCalls.Json(body)).ExpectFaultsAsync("body");

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"name\":\"n\"")]
    [InlineData("{\"name\":\"n\",}")]
    [InlineData("{\"name\":\"n\",\"name\":\"m\"}")]
    [InlineData("{\"name\":\"n\"} {}")]
    [InlineData("{\"name\":\"n\",\"metadata\":{\"a\":\"b\",\"a\":\"c\"}}")]
    [InlineData("{\"name\":\"n\",\"Name\":\"m\"}")]
    [InlineData("{\"name\":\"n\",\"other\":[{\"a\":1,\"A\":2}]}")]
    [InlineData("{\"name\":\"n\",\"x\":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}")]
    public async Task What_is_no_JSON_is_400(string body) =>
        await host.PostAsync(AppTokenCalls.Applications, await host.NewServiceTokenAsync(), AuthCalls.Json(body)).DetailAsync(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("{\"name\":\"\\ud800\"}")]
    [InlineData("{\"name\":\"n\",\"uid\":\"\\udc00\"}")]
    [InlineData("{\"name\":\"n\",\"metadata\":{\"a\":\"\\ud800\"}}")]
    [InlineData("{\"name\":\"n\",\"metadata\":{\"\\ud800\":\"a\"}}")]
    public async Task Text_that_is_no_Unicode_is_refused(string body)
    {
        using var answer = await host.PostAsync(AppTokenCalls.Applications, await host.NewServiceTokenAsync(), AuthCalls.Json(body));

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity });
    }

    /// <summary>Versions 1.57.0 to 1.61.0 of the client omit the content type, and fetch then sends text/plain.</summary>
    [Fact]
    public async Task JSON_that_says_it_is_text_is_read_as_JSON()
    {
        var service = await host.NewServiceTokenAsync();

        var id = await host.PostAsync(AppTokenCalls.Applications, service, Text("""{"name":"n"}""")).CreatedIdAsync();

        await host.PutAsync(PathOf(id), service, Text("""{"name":"m"}""")).ExpectAsync(HttpStatusCode.OK);

        static StringContent Text(string json) => new(json, Encoding.UTF8, "text/plain");
    }

    [Fact]
    public async Task An_oversize_body_is_413_in_the_words_of_the_surface()
    {
        var service = await host.NewServiceTokenAsync();

        await host.PostAsync(AppTokenCalls.Applications, service, new { name = "n", metadata = new { a = new string('x', 70_000) } })
            .DetailAsync(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Unknown_routes_and_methods_are_refused_in_the_words_of_the_surface()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        await host.GetAsync("/api/v1/nowhere", service).DetailAsync(HttpStatusCode.NotFound);
        await host.PostAsync(PathOf(application.Id), service, new { name = "m" }).DetailAsync(HttpStatusCode.MethodNotAllowed);
        await host.GetAsync(Logout, service).DetailAsync(HttpStatusCode.MethodNotAllowed);
    }

    private static IEnumerable<(HttpMethod Method, string Path, object? Body)> RoutesOf(string id) =>
    [
        (HttpMethod.Get, $"/api/v1/app/{id}", null),
        (HttpMethod.Put, $"/api/v1/app/{id}", new { name = "n" }),
        (HttpMethod.Patch, $"/api/v1/app/{id}", new { name = "n" }),
        (HttpMethod.Delete, $"/api/v1/app/{id}", null),
        (HttpMethod.Post, $"/api/v1/auth/dashboard-access/{id}", null),
        (HttpMethod.Post, $"/api/v1/auth/app-portal-access/{id}", new { }),
        (HttpMethod.Post, $"/api/v1/auth/app/{id}/expire-all", new { }),
    ];

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ApplicationInputTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ApplicationInputTests(store.Host);
}

using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;

namespace AuthService.ApiTests.AppTokens;

/// <summary>Expire-all with session ids expires only the tokens that were created with one of these ids.</summary>
public abstract class ExpireSessionTests(AuthHost host)
{
    [Fact]
    public async Task Only_the_tokens_of_the_named_sessions_end()
    {
        var service = await host.NewServiceTokenAsync();
        var (application, other) = (await host.CreateApplicationAsync(service), await host.CreateApplicationAsync(service));
        var one = await OpenAsync(service, application, "one");
        var two = await OpenAsync(service, application, "two");
        var three = await OpenAsync(service, application, "three");
        var (again, capitals) = (await OpenAsync(service, application, "one"), await OpenAsync(service, application, "ONE"));
        var (without, elsewhere) = ((await host.OpenDashboardAsync(service, application)).Token, await OpenAsync(service, other, "one"));

        await host.PostAsync(ExpireAllOf(application.Uid), service, new { sessionIds = new[] { "one", "two", "unheard-of" } })
            .ExpectAsync(HttpStatusCode.NoContent);

        foreach (var token in new[] { one, again, two })
            await host.ExpectRefusedAsync(token, application);
        foreach (var token in new[] { three, capitals, without })
            await host.ExpectAcceptedAsync(token, application);
        await host.ExpectAcceptedAsync(elsewhere, other);
    }

    [Fact]
    public async Task With_an_expiry_they_end_that_soon_and_the_others_as_before()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        using (host.Clock.Freeze())
        {
            var (one, two) = (await OpenAsync(service, application, "one"), await OpenAsync(service, application, "two"));
            await host.PostAsync(ExpireAllOf(application.Uid), service, new { expiry = 60, sessionIds = new[] { "one" } })
                .ExpectAsync(HttpStatusCode.NoContent);

            await host.ExpectAcceptedAsync(one, application);
            host.Clock.Advance(TimeSpan.FromSeconds(60));
            await host.ExpectRefusedAsync(one, application);
            await host.ExpectAcceptedAsync(two, application);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"one\"")]
    [InlineData("{\"one\":true}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[\"\"]")]
    [InlineData("[\"one\",[\"two\"]]")]
    [InlineData("[\"a\\u0000\"]")]
    public async Task Session_ids_that_say_nothing_are_422_and_end_nothing(string sessionIds)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var token = await OpenAsync(service, application, "one");

        await host.PostAsync(ExpireAllOf(application.Id), service, AuthCalls.Json($$"""{"sessionIds":{{sessionIds}}}""")).ExpectFaultsAsync("body.sessionIds");

        await host.ExpectAcceptedAsync(token, application);
    }

    /// <summary>Such a body probably means only some of the tokens, in a form that this API does not know. Expiring all of them would be too much.</summary>
    [Theory]
    [InlineData("""{"sessionId":"one"}""")]
    [InlineData("""{"SessionIds":["one"]}""")]
    [InlineData("""{"expiry":0,"session_ids":["one"]}""")]
    [InlineData("""["one"]""")]
    [InlineData("\"one\"")]
    public async Task A_body_that_may_ask_for_less_is_422_and_ends_nothing(string body)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var token = await OpenAsync(service, application, "one");

        await host.PostAsync(ExpireAllOf(application.Id), service, AuthCalls.Json(body)).ExpectFaultsAsync("body");

        await host.ExpectAcceptedAsync(token, application);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_ends_nothing()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var token = await OpenAsync(service, application, "one");

        using var form = new FormUrlEncodedContent([new("sessionIds", "one")]);
        await host.PostAsync(ExpireAllOf(application.Id), service, form).DetailAsync(HttpStatusCode.BadRequest);

        await host.ExpectAcceptedAsync(token, application);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"\"")]
    [InlineData("[\"one\"]")]
    [InlineData("\"a\\u0000\"")]
    public async Task A_session_id_that_is_no_text_is_422(string sessionId)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);

        await host.PostAsync(PortalOf(application.Id), service, AuthCalls.Json($$"""{"sessionId":{{sessionId}}}""")).ExpectFaultsAsync("body.sessionId");
    }

    [Fact]
    public async Task The_audit_entry_says_that_it_was_not_all_of_them()
    {
        var (service, admin) = (await host.NewServiceTokenAsync(), await host.AdminTokenAsync());
        var application = await host.CreateApplicationAsync(service);
        await OpenAsync(service, application, "one");
        await OpenAsync(service, application, "two");

        var row = Assert.Single(await host.RowsOfAsync(
            admin, () => host.PostAsync(ExpireAllOf(application.Uid), service, new { sessionIds = new[] { "one" } }), HttpStatusCode.NoContent));

        Assert.Equal($"{application.Id}, 1 tokens of 1 session ids", row.Text("detail"));
    }

    [Fact]
    public async Task A_hundred_of_the_longest_ids_are_taken()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var ids = Enumerable.Range(0, 100).Select(number => $"{number:000}{new string('a', 253)}").ToArray();
        var token = await OpenAsync(service, application, ids[99]);

        await host.PostAsync(ExpireAllOf(application.Id), service, new { sessionIds = ids }).ExpectAsync(HttpStatusCode.NoContent);

        await host.ExpectRefusedAsync(token, application);
    }

    private async Task<string> OpenAsync(string service, Application application, string sessionId) =>
        (await host.PostAsync(PortalOf(application.Id), service, new { sessionId }).PortalAsync()).Token;

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ExpireSessionTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ExpireSessionTests(store.Host);
}

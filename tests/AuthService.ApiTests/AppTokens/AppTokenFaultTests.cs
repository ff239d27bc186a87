using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hostile;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>Actions are audited once, no secret is logged, and a failing store leads to a 503 without side effects.</summary>
public abstract class AppTokenFaultTests(AuthHost host)
{
    [Fact]
    public async Task Each_action_is_on_record_once_and_a_repeat_of_it_is_not()
    {
        var (service, uid, key) = (await host.NewServiceTokenAsync(), NewName("uid"), NewName("key"));
        var application = await host.CreateApplicationAsync(service);
        var token = (await host.OpenDashboardAsync(service, application)).Token;
        (Func<Task<HttpResponseMessage>> Do, int Records)[] actions =
        [
            (() => host.PostAsync(AppTokenCalls.Applications, service, new { name = "n" }), 1),
            (() => host.PostAsync($"{AppTokenCalls.Applications}?get_if_exists=true", service, new { name = "n", uid = application.Uid }), 0),
            (() => host.GetAsync(PathOf(application.Id), token), 0),
            (() => host.PutAsync(PathOf(application.Id), service, new { name = "m", uid = application.Uid }), 1),
            (() => host.PostAsync(DashboardOf(application.Id), service), 1),
            (() => host.PostWithKeyAsync(PortalOf(application.Id), service, key), 1),
            (() => host.PostWithKeyAsync(PortalOf(application.Id), service, key), 0),
            (() => host.PostAsync(PortalOf(uid), service, new { application = new { name = "n", uid } }), 2),
            (() => host.PostWithKeyAsync(Logout, token, key), 1),
            (() => host.PostWithKeyAsync(Logout, token, key), 0),
            (() => host.PostAsync(ExpireAllOf(application.Id), service), 1),
            (() => host.DeleteAsync(PathOf(application.Id), service), 1),
        ];

        foreach (var (action, i) in actions.Select((action, i) => (action, i)))
        {
            var before = await host.Database.CountAsync("audit_events");
            using var answer = await action.Do();
            Assert.True(answer.IsSuccessStatusCode, $"AuditActor {i} was refused: {answer.StatusCode}");
            Assert.Equal((i, action.Records), (i, await host.Database.CountAsync("audit_events") - before));
        }
    }

    [Fact]
    public async Task No_secret_is_logged()
    {
        await using var twin = await host.StartTwinAsync(new() { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft"] = "Trace" });
        var (apiKey, key) = (await twin.NewApiKeyAsync(), $"Canary+/={NewName("key")}");
        var application = await twin.CreateApplicationAsync(apiKey.Key);
        var kept = await twin.PostWithKeyAsync(PortalOf(application.Id), apiKey.Key, key).PortalAsync();
        var plain = await twin.OpenDashboardAsync(apiKey.Key, application);

        await twin.PostWithKeyAsync(PortalOf(application.Id), apiKey.Key, key).ExpectAsync(HttpStatusCode.OK);
        await twin.PostWithKeyAsync(PortalOf(application.Id), apiKey.Key, key, new { expiry = 4_000 }).FaultsAsync();
        await twin.ExpectAcceptedAsync(kept.Token, application);
        await twin.PostWithKeyAsync(Logout, kept.Token, key).ExpectAsync(HttpStatusCode.NoContent);
        await twin.PostWithKeyAsync(Logout, kept.Token, key).ExpectAsync(HttpStatusCode.NoContent);
        await twin.ExpectRefusedAsync(kept.Token, application);
        await twin.PostAsync(ExpireAllOf(application.Id), apiKey.Key).ExpectAsync(HttpStatusCode.NoContent);
        await twin.ExpectRefusedAsync(plain.Token, application);
        await twin.RevokeAsync(apiKey);
        await twin.ExpectRefusedAsync(apiKey);

        Assert.Contains(twin.Log.Lines, line => line.StartsWith("Debug Microsoft.EntityFrameworkCore", StringComparison.Ordinal));
        new Secrets().Add("kept app token", kept.Token["appsk_".Length..]).Add("app token", plain.Token["appsk_".Length..])
            .Add("API key", apiKey.Key["sk_".Length..]).Add("idempotency key", key).ExpectNoneIn("the log", twin.Log.Lines);
    }

    [Fact]
    public async Task Without_its_store_the_surface_says_503_in_its_own_words_and_keeps_nothing()
    {
        await using var broken = await host.StartAnotherAsync();
        var (service, key) = (await broken.NewServiceTokenAsync(), NewName("key"));
        var application = await broken.CreateApplicationAsync(service);
        var token = (await broken.OpenDashboardAsync(service, application)).Token;

        await broken.Database.ExecuteAsync("ALTER TABLE app_tokens RENAME TO app_tokens_gone");
        await broken.GetAsync(PathOf(application.Id), token).DetailAsync(HttpStatusCode.ServiceUnavailable);
        await broken.PostWithKeyAsync(DashboardOf(application.Id), service, key).DetailAsync(HttpStatusCode.ServiceUnavailable);
        await broken.PostWithKeyAsync(Logout, token, key).DetailAsync(HttpStatusCode.ServiceUnavailable);
        await broken.Database.ExecuteAsync("ALTER TABLE app_tokens_gone RENAME TO app_tokens");

        await broken.PostWithKeyAsync(DashboardOf(application.Id), service, key).ExpectAsync(HttpStatusCode.OK);
        await broken.PostWithKeyAsync(Logout, token, key).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Another_content_type_is_415_where_a_body_is_needed(string type)
    {
        var (service, body) = (await host.NewServiceTokenAsync(), AuthCalls.Raw("{\"name\":\"n\"}"u8.ToArray(), type));

        await host.PostAsync(AppTokenCalls.Applications, service, body).DetailAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Metadata_comes_back_to_the_letter()
    {
        var service = await host.NewServiceTokenAsync();
        var metadata = Enumerable.Range(0, 50).ToDictionary(i => $"key {i}", i => new string('é', i), StringComparer.Ordinal);
        (metadata["quote \" \\ / <script>"], metadata["漢字 🎉"], metadata["__proto__"]) = ("' OR 1=1 --", "\u0000\u0001\n\u2028\uFEFF", "x");

        var created = await host.PostAsync(AppTokenCalls.Applications, service, new { name = "n", metadata }).ExpectAsync(HttpStatusCode.Created);

        var shown = (await host.ShowApplicationAsync(service, created.Text("id"))).GetProperty("metadata").EnumerateObject();
        Assert.Equal(metadata, shown.ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!, StringComparer.Ordinal));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : AppTokenFaultTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : AppTokenFaultTests(store.Host);
}

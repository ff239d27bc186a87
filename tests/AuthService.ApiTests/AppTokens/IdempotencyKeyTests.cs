using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using Xunit;
using static AuthService.ApiTests.AppTokens.AppTokenCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>Idempotency keys have a fixed form. Their responses are kept for twelve hours, unreadable in the store.</summary>
public abstract class IdempotencyKeyTests(AuthHost host)
{
    public static TheoryData<string> BadKeys { get; } = new("", " ", "a b", "a\tb", "a\u007Fb", "ü", "漢字", new string('x', 256), new string('x', 5_000));

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task A_key_of_0_or_256_or_non_visible_characters_is_422_and_nothing_is_done(string key)
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var before = await host.Database.CountAsync("applications");
        var tokens = await host.Database.CountAsync("app_tokens");

        foreach (var (path, body) in new (string, object?)[] { (AppTokenCalls.Applications, new { name = "n" }), (DashboardOf(application.Id), null) })
            await PostRawAsync(path, service, key, body).ExpectFaultsAsync("header.idempotency-key");

        Assert.Equal((before, tokens), (await host.Database.CountAsync("applications"), await host.Database.CountAsync("app_tokens")));
    }

    [Fact]
    public async Task A_bad_key_on_a_logout_is_422_and_the_token_holds()
    {
        var service = await host.NewServiceTokenAsync();
        var application = await host.CreateApplicationAsync(service);
        var token = (await host.OpenDashboardAsync(service, application)).Token;

        await host.PostWithKeyAsync(Logout, token, new string('x', 256)).FaultsAsync();

        await host.ExpectAcceptedAsync(token, application);
    }

    [Fact]
    public async Task Every_visible_character_counts_and_255_of_them_are_taken()
    {
        var service = await host.NewServiceTokenAsync();
        var visible = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(i => (char)i));
        var longest = new string('x', 254);
        string[] keys = [visible, "x", $"{longest}1", $"{longest}2", "a,b", "\"quoted\"", "auto_96d36f51-3e55-48ee-9e81-a436840ecb43", "';--"];

        var ids = new List<string>();
        foreach (var key in keys)
        {
            ids.Add(await CreateAsync(service, key));
            Assert.Equal(ids[^1], await CreateAsync(service, key));
        }

        Assert.Distinct(ids, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Two_keys_on_one_call_are_422()
    {
        var service = await host.NewServiceTokenAsync();

        (string, string)[] keys = [("Idempotency-Key", "one"), ("Idempotency-Key", "two")];
        await host.SendAsync(HttpMethod.Post, AppTokenCalls.Applications, service, new { name = "n" }, keys).FaultsAsync();
    }

    [Fact]
    public async Task An_answer_is_kept_twelve_hours_and_then_the_key_is_free()
    {
        var (service, key) = (await host.CreateServiceAsync(), NewName("key"));
        var apiKey = (await host.NewApiKeyAsync(service.Id)).Key;
        using (host.Clock.Freeze())
        {
            var first = await CreateAsync(apiKey, key);
            host.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
            Assert.Equal(first, await CreateAsync(apiKey, key));
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            var second = await host.PostWithKeyAsync(AppTokenCalls.Applications, apiKey, key, new { name = "another body" }).CreatedIdAsync();
            Assert.NotEqual(first, second, StringComparer.Ordinal);
            host.Clock.Advance(TimeSpan.FromHours(11));
            Assert.Equal(second, await host.PostWithKeyAsync(AppTokenCalls.Applications, apiKey, key, new { name = "another body" }).CreatedIdAsync());
        }
    }

    [Fact]
    public async Task What_is_forgotten_is_purged_and_nothing_else()
    {
        var often = new Settings { ["CleanUp:Interval"] = "00:00:00.200" };
        await using var own = await host.StartAnotherAsync(often);
        var apiKey = (await own.NewApiKeyAsync()).Key;
        var application = await own.CreateApplicationAsync(apiKey);
        await own.PostWithKeyAsync(PortalOf(application.Id), apiKey, "old", new { expiry = 3_600 }).ExpectAsync(HttpStatusCode.OK);
        own.Clock.Advance(TimeSpan.FromHours(12));
        var kept = await own.PostWithKeyAsync(PortalOf(application.Id), apiKey, "new", new { expiry = 3_600 }).PortalAsync();

        await Eventually.CountsAsync(own, "kept_answers", 1);
        await Eventually.CountsAsync(own, "app_tokens", 1);

        Assert.Equal((1, 1), (await own.Database.CountAsync("kept_answers"), await own.Database.CountAsync("app_tokens")));
        Assert.Equal(kept, await own.PostWithKeyAsync(PortalOf(application.Id), apiKey, "new", new { expiry = 3_600 }).PortalAsync());
        await own.ExpectAcceptedAsync(kept.Token, application);
    }

    [Fact]
    public async Task The_kept_answer_and_its_key_are_not_readable_in_the_store()
    {
        var (service, key) = (await host.NewServiceTokenAsync(), $"idem_{NewName("key")}");
        var application = await host.CreateApplicationAsync(service);

        var portal = await host.PostWithKeyAsync(DashboardOf(application.Id), service, key).PortalAsync();
        await host.PostWithKeyAsync(Logout, portal.Token, key).ExpectAsync(HttpStatusCode.NoContent);

        await StoreContents.ExpectNoneOfAsync(host.Database, [portal.Token, key], butDoesHold: application.Uid);
    }

    [Fact]
    public async Task A_repeat_after_a_restart_and_a_change_of_the_encryption_key_gets_its_answer()
    {
        var (service, key) = (await host.NewServiceTokenAsync(), NewName("key"));
        var (old, next) = (NewEncryptionKey(), NewEncryptionKey());
        string first;
        await using (var before = await host.StartTwinAsync(EncryptionKeys(old)))
            first = await CreateAsync(before, service, key);

        await using (var after = await host.StartTwinAsync(EncryptionKeys(old)))
            Assert.Equal(first, await CreateAsync(after, service, key));
        await using (var rotated = await host.StartTwinAsync(EncryptionKeys(next, old)))
            Assert.Equal(first, await CreateAsync(rotated, service, key));
        await using (var forgetful = await host.StartTwinAsync(EncryptionKeys(next)))
            await forgetful.PostWithKeyAsync(AppTokenCalls.Applications, service, key, new { name = "n" }).DetailAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Without_an_encryption_key_a_call_with_a_key_is_503_but_not_before_its_credentials_hold()
    {
        await using var own = await host.StartAnotherAsync(new()
        {
            ["environment"] = "Production",
            ["Encryption:Keys:0:KeyId"] = null,
            ["Encryption:Keys:0:Key"] = null,
        });
        var service = await own.NewServiceTokenAsync();

        await own.PostWithKeyAsync(AppTokenCalls.Applications, service, "key", new { name = "n" }).DetailAsync(HttpStatusCode.ServiceUnavailable);
        await own.PostWithKeyAsync(AppTokenCalls.Applications, "nonsense", "key", new { name = "n" }).DetailAsync(HttpStatusCode.Unauthorized);
        foreach (var bearer in new[] { null, "nonsense" })
            await own.PostWithKeyAsync(Logout, bearer, "key").DetailAsync(HttpStatusCode.Unauthorized);
        await own.PostWithKeyAsync(Logout, service, "key").DetailAsync(HttpStatusCode.Forbidden);
    }

    private static string NewEncryptionKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static Settings EncryptionKeys(params string[] keys)
    {
        var settings = new Settings();
        foreach (var (i, key) in keys.Index())
            (settings[$"Encryption:Keys:{i}:KeyId"], settings[$"Encryption:Keys:{i}:Key"]) = ($"key-{keys.Length - i}", key);
        return settings;
    }

    private Task<string> CreateAsync(string bearer, string key) => CreateAsync(host, bearer, key);

    private static async Task<string> CreateAsync(AuthHost on, string bearer, string key) =>
        await on.PostWithKeyAsync(AppTokenCalls.Applications, bearer, key, new { name = "n" }).CreatedIdAsync();

    /// <summary>Sends the key in UTF-8, because HttpClient refuses such header values by default.</summary>
    private async Task<HttpResponseMessage> PostRawAsync(string path, string bearer, string key, object? body)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", bearer);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await client.SendAsync(request);
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : IdempotencyKeyTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : IdempotencyKeyTests(store.Host);
}

using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Webhooks;

/// <summary>Administrators create, list, change, test and delete webhooks.</summary>
public abstract class WebhookTests(AuthHost host, ClassHosts hosts)
{
    private const string Url = "https://hooks.invalid/auth";

    private static readonly string[] Inside =
    [
        "127.0.0.1", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "localhost", "10.1.2.3:8443", "172.31.255.255", "192.168.0.1", "100.64.0.1",
        "169.254.169.254", "0.0.0.0", "255.255.255.255", "224.0.0.1", "[::]", "[::1]", "[::ffff:10.0.0.1]", "[::ffff:a9fe:a9fe]", "[::10.0.0.1]",
        "[fd00::1]", "[fe80::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::1]", "[2001:0:7f00:1::1]",
    ];

    [Fact]
    public async Task A_webhook_is_made_and_shows_its_secret_once()
    {
        var own = await hosts.WithoutWebhooksAsync();

        using var response = await own.TryCreateWebhookAsync(new { url = Url, events = new[] { "session_*", "sign_in.refused" }, description = "trail" });
        var made = await response.ExpectAsync(HttpStatusCode.Created);

        Assert.Equal($"/admin/webhooks/{made.Text("id")}", $"{response.Headers.Location}");
        Assert.Equal("createdAt description events id secret url", WebhookCalls.MembersOf(made));
        Assert.StartsWith("whsec_", made.Text("secret"), StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(made.Text("secret")["whsec_".Length..]).Length);
        var webhook = new MadeWebhook(made.Text("id"), made.Text("secret"));
        var shown = await own.ShowAsync(webhook);
        Assert.Equal(
            "createdAt description disabledAt disabledReason enabled events failingSince id previousSecretUntil url", WebhookCalls.MembersOf(shown));
        Assert.Equal((Url, "trail", true), (shown.Text("url"), shown.Text("description"), shown.GetProperty("enabled").GetBoolean()));
        Assert.Equal(["session_*", "sign_in.refused"], shown.Texts("events"), StringComparer.Ordinal);
        var listed = await own.GetAsync(WebhookCalls.Root, await own.NewAdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(shown.GetRawText(), Assert.Single(listed.EnumerateArray()).GetRawText());
        Assert.Equal(1, await own.Database.CountAsync($"webhooks WHERE length(sealed_secret) = {12 + 16 + 32}"));
    }

    [Fact]
    public async Task A_webhook_is_changed_disabled_enabled_and_deleted_and_all_of_it_is_on_record()
    {
        var own = await hosts.WithoutWebhooksAsync();
        var webhook = await own.CreateWebhookAsync(Url, "sign_in");
        var admin = await own.NewAdminTokenAsync();

        var changed = await own.PatchAsync(webhook.Path, admin, new { url = "https://other.invalid/", description = "d" }).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(("https://other.invalid/", "d"), (changed.Text("url"), changed.Text("description")));
        Assert.Equal("sign_in", Assert.Single(changed.GetProperty("events").EnumerateArray()).GetString());
        var emptied = await own.PatchAsync(webhook.Path, admin, JsonElement.Parse("{\"events\":null,\"description\":null}")).ExpectAsync(HttpStatusCode.OK);
        Assert.All(["events", "description"], member => Assert.Equal(JsonValueKind.Null, emptied.GetProperty(member).ValueKind));
        var disabled = await own.PatchAsync(webhook.Path, admin, new { enabled = false }).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal((false, "BY_ADMINISTRATOR"), (disabled.GetProperty("enabled").GetBoolean(), disabled.Text("disabledReason")));
        foreach (var path in new[] { "test", "deliveries/evt_1/redeliver" })
            Assert.Equal("WEBHOOK_DISABLED", await own.PostAsync($"{webhook.Path}/{path}", admin).ProblemAsync(HttpStatusCode.Conflict));
        Assert.Equal("WEBHOOK_DISABLED", await own.PostAsync($"{webhook.Path}/replay", admin, new { from = own.Clock.GetUtcNow() })
            .ProblemAsync(HttpStatusCode.Conflict));
        var enabled = await own.PatchAsync(webhook.Path, admin, new { enabled = true }).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, enabled.GetProperty("disabledReason").ValueKind);
        var rotated = await own.PostAsync($"{webhook.Path}/rotate", admin).ExpectAsync(HttpStatusCode.OK);
        Assert.NotEqual(webhook.Secret, rotated.Text("secret"), StringComparer.Ordinal);
        await own.DeleteAsync(webhook.Path, admin).ExpectAsync(HttpStatusCode.NoContent);

        await ExpectUnknownAsync(own, webhook.Id);
        var rows = (await own.AuditAsync(admin, "?limit=20"))
            .Where(row => row.GetProperty("detail").GetString()?.StartsWith($"{webhook.Id} (", StringComparison.Ordinal) is true).ToArray();
        Assert.Equal(
            [
                "webhook_deleted", "webhook_secret_rotated", "webhook_changed", "webhook_changed", "webhook_changed", "webhook_changed", "webhook_created",
            ],
            rows.Select(row => row.Text("event")),
            StringComparer.Ordinal);
        Assert.Contains("(other.invalid): enabled=False", rows[3].Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_there_is_not_is_404()
    {
        await ExpectUnknownAsync(host, $"{Guid.NewGuid()}");
        await ExpectUnknownAsync(host, "x");
        var own = await hosts.WithoutWebhooksAsync();
        var webhook = await own.CreateWebhookAsync(Url);
        var missing = own.PostAsync($"{webhook.Path}/deliveries/evt_1_1/redeliver", await own.NewAdminTokenAsync());
        Assert.Equal("UNKNOWN_DELIVERY", await missing.ProblemAsync(HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"url\":\"hooks.example.com\"}")]
    [InlineData("{\"url\":\"/hooks\"}")]
    [InlineData("{\"url\":\"ftp://hooks.invalid/\"}")]
    [InlineData("{\"url\":\"https://\"}")]
    [InlineData("{\"url\":\"https://user@hooks.invalid/\"}")]
    [InlineData("{\"url\":\"https://user:password@hooks.invalid/\"}")]
    [InlineData("{\"url\":\"https://hooks.invalid/#fragment\"}")]
    [InlineData("{\"url\":\"https://hooks.invalid/ x\"}")]
    [InlineData("{\"url\":\"https://a\\u2100b.invalid/\"}")]
    [InlineData("{\"url\":\"https://hooks.invalid/\",\"events\":[]}")]
    [InlineData("{\"url\":\"https://hooks.invalid/\",\"events\":[\"no_such_event\"]}")]
    [InlineData("{\"url\":\"https://hooks.invalid/\",\"events\":[\"sign_in sign_out\"]}")]
    [InlineData("{\"url\":\"https://hooks.invalid/\",\"events\":[null]}")]
    [InlineData("{\"url\":\"https://hooks.invalid/\",\"events\":\"sign_in\"}")]
    [InlineData("{\"url\":\"https://hooks.invalid/\",\"description\":\"a\\nb\"}")]
    public async Task What_cannot_be_is_400(string body) =>
        Assert.Equal("BAD_REQUEST", await host.TryCreateWebhookAsync(JsonElement.Parse(body)).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task An_address_inside_is_refused_in_every_notation()
    {
        var own = await hosts.WithoutWebhooksAsync();
        var (webhook, admin) = (await own.CreateWebhookAsync(Url), await own.NewAdminTokenAsync());

        foreach (var url in Inside.Select(authority => $"https://{authority}/"))
        {
            var code = await own.PostAsync(WebhookCalls.Root, admin, new { url }).ProblemAsync(HttpStatusCode.BadRequest);
            Assert.Equal((url, "ADDRESS_NOT_ALLOWED"), (url, code));
            Assert.Equal("ADDRESS_NOT_ALLOWED", await own.PatchAsync(webhook.Path, admin, new { url }).ProblemAsync(HttpStatusCode.BadRequest));
        }

        Assert.Equal(Url, (await own.ShowAsync(webhook)).Text("url"));
    }

    [Fact]
    public async Task There_are_a_hundred_at_most()
    {
        var own = await hosts.WithoutWebhooksAsync();
        await using var twin = await own.StartTwinAsync();
        for (var i = 0; i < 98; i++)
            await own.CreateWebhookAsync(Url, "webhook_disabled");

        var atOnce = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => (n % 2 == 0 ? own : twin).TryCreateWebhookAsync(new { url = Url })));

        Assert.Equal(2, atOnce.Count(answer => answer.StatusCode is HttpStatusCode.Created));
        Assert.Equal("TOO_MANY_WEBHOOKS", await own.TryCreateWebhookAsync(new { url = Url }).ProblemAsync(HttpStatusCode.Conflict));
        Assert.Equal(100, await own.Database.CountAsync("webhooks"));
    }

    /// <summary>The administrator was signed out before, so the old access token must not create a webhook.</summary>
    [Fact]
    public async Task Whoever_was_signed_out_makes_none()
    {
        var own = await hosts.WithoutWebhooksAsync();
        var id = NewName("admin");
        var password = NewPassword();
        await own.CreateAsync(new { id, password, role = "ADMIN" });
        var session = await own.Http.LoginAsync(id, password);
        await own.RevokeAllAsync(id);

        await own.PostAsync(WebhookCalls.Root, session.AccessToken, new { url = Url }).ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(0, await own.Database.CountAsync("webhooks"));
    }

    private static async Task ExpectUnknownAsync(AuthHost host, string id)
    {
        var (path, admin) = ($"{WebhookCalls.Root}/{id}", await host.NewAdminTokenAsync());
        Task<HttpResponseMessage>[] calls =
        [
            host.GetAsync(path, admin), host.PatchAsync(path, admin, new { enabled = true }), host.DeleteAsync(path, admin),
            host.PostAsync($"{path}/rotate", admin), host.PostAsync($"{path}/test", admin), host.GetAsync($"{path}/deliveries", admin),
            host.PostAsync($"{path}/deliveries/evt_1/redeliver", admin), host.PostAsync($"{path}/replay", admin, new { from = host.Clock.GetUtcNow() }),
        ];
        foreach (var call in calls)
            Assert.Equal("UNKNOWN_WEBHOOK", await call.ProblemAsync(HttpStatusCode.NotFound));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ClassHosts<SqliteStore> hosts) : WebhookTests(hosts.Host, hosts), IClassFixture<ClassHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ClassHosts<PostgresStore> hosts) : WebhookTests(hosts.Host, hosts), IClassFixture<ClassHosts<PostgresStore>>;
}

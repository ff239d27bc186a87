using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>An API key can have an expiry time. From that moment on every API refuses it.</summary>
public abstract class ApiKeyExpiryTests(AuthHost host)
{
    [Fact]
    public async Task It_is_shown_with_the_new_key_in_the_list_and_on_record()
    {
        var (owner, admin, end) = ((await host.CreateServiceAsync()).Id, await host.AdminTokenAsync(), host.Clock.GetUtcNow().AddDays(90));
        var here = end.ToOffset(TimeSpan.FromHours(-3.5));

        var made = await MakeAsync(owner, here).ExpectAsync(HttpStatusCode.Created);
        var listed = Assert.Single(await host.ListKeysAsync(owner));
        var entry = Assert.Single(await host.AuditAsync(admin, $"?principal={owner}&event=api_key_created"));

        Assert.InRange((TimeOf(made, "expireAt") - end).Duration(), TimeSpan.Zero, TimeSpan.FromMicroseconds(1));
        Assert.Equal(made.GetProperty("expireAt").GetRawText(), listed.GetProperty("expireAt").GetRawText());
        Assert.EndsWith("+00:00", made.Text("expireAt"), StringComparison.Ordinal);
        Assert.Contains($"expires {end:yyyy-MM-ddTHH:mm}", entry.Text("detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\":\"n\"}")]
    [InlineData("{\"name\":\"n\",\"expireAt\":null}")]
    public async Task A_key_without_it_does_not_expire(string body)
    {
        var owner = (await host.CreateServiceAsync()).Id;
        var made = await host.PostAsync(ApiKeyCalls.KeysOf(owner), await host.AdminTokenAsync(), AuthCalls.Json(body)).ExpectAsync(HttpStatusCode.Created);
        Assert.All([made, Assert.Single(await host.ListKeysAsync(owner))], key => Assert.Equal(JsonValueKind.Null, key.GetProperty("expireAt").ValueKind));

        host.Clock.Advance(TimeSpan.FromDays(800));

        await host.GetAsync(AppTokenCalls.Applications, made.Text("key")).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_is_refused_from_that_moment_on_by_every_API_and_instance()
    {
        await using var twin = await host.StartTwinAsync();
        using var frozen = host.Clock.Freeze();
        var key = await NewKeyAsync(TimeSpan.FromHours(1));
        var client = new OAuthClient(key.Owner, key.Key);

        host.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        foreach (var instance in new[] { host, twin })
            await instance.GetAsync(AppTokenCalls.Applications, key.Key).ExpectAsync(HttpStatusCode.OK);
        await host.GetAsync($"/sessions/{Guid.NewGuid()}", key.Key).ExpectAsync(HttpStatusCode.NotFound);
        await host.PostFormAsync("/oauth/introspect", [("token", "x")], client.Basic).ExpectAsync(HttpStatusCode.OK);

        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        foreach (var instance in new[] { twin, host })
        {
            await instance.ExpectRefusedAsync(key);
            await instance.PostFormAsync("/oauth/introspect", [("token", "x")], client.Basic).ExpectAsync(HttpStatusCode.Unauthorized);
            await instance.PostFormAsync("/oauth/revoke", [("token", "x"), ("client_id", client.Id), ("client_secret", client.Secret)])
                .ExpectAsync(HttpStatusCode.Unauthorized);
            await instance.PostFormAsync(ClientCalls.Token, [("grant_type", "client_credentials")], client.Basic).ExpectAsync(HttpStatusCode.Unauthorized);
        }

        Assert.Equal(key.Id, Assert.Single(await host.ListKeysAsync(key.Owner)).Text("id")); // the list tells why it is refused
    }

    [Fact]
    public async Task Others_of_the_service_go_on()
    {
        var key = await NewKeyAsync(TimeSpan.FromMinutes(5));
        var (later, lasting) = (await NewKeyAsync(TimeSpan.FromDays(5), key.Owner), await host.NewApiKeyAsync(key.Owner));

        host.Clock.Advance(TimeSpan.FromMinutes(6));

        await host.ExpectRefusedAsync(key);
        foreach (var other in new[] { later, lasting })
            await host.GetAsync(AppTokenCalls.Applications, other.Key).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_access_token_that_is_issued_for_it_ends_with_it()
    {
        using var frozen = host.Clock.Freeze();
        var key = await NewKeyAsync(TimeSpan.FromMinutes(3));

        var answer = await host.ClientTokenAsync(new OAuthClient(key.Owner, key.Key));
        var token = answer.Text("access_token");

        Assert.InRange(answer.GetProperty("expires_in").GetInt64(), 179, 180);
        Assert.True(Requests.ClaimsOf(token).GetProperty("exp").GetInt64() <= host.Clock.GetUtcNow().AddMinutes(3).ToUnixTimeSeconds());
        await host.GetAsync(AppTokenCalls.Applications, token).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_that_lies_in_the_past_is_refused()
    {
        using var frozen = host.Clock.Freeze();
        var (owner, now) = ((await host.CreateServiceAsync()).Id, host.Clock.GetUtcNow());

        foreach (var end in new[] { now, now.AddSeconds(-1), DateTimeOffset.UnixEpoch, DateTimeOffset.MinValue })
            await MakeAsync(owner, end).ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Empty(await host.ListKeysAsync(owner));
        await MakeAsync(owner, now.AddMilliseconds(1)).ExpectAsync(HttpStatusCode.Created);
        await MakeAsync(owner, DateTimeOffset.MaxValue).ExpectAsync(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("\"tomorrow\"")]
    [InlineData("\"\"")]
    [InlineData("\"2130-13-01T00:00:00Z\"")]
    [InlineData("\"9999-12-31T23:59:59-10:00\"")]
    [InlineData("\"2130-01-01T00:00:00\"")] // a time without an offset is ambiguous
    [InlineData("\"2130-01-01\"")]
    [InlineData("4102444800")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("null,\"expiresAt\":\"2130-01-01T00:00:00Z\"")]
    [InlineData("\"2130-01-01T00:00:00Z\",\"expireAt\":\"2131-01-01T00:00:00Z\"")]
    public async Task One_that_is_no_time_is_refused(string value)
    {
        var (owner, admin) = ((await host.CreateServiceAsync()).Id, await host.AdminTokenAsync());

        await host.PostAsync(ApiKeyCalls.KeysOf(owner), admin, AuthCalls.Json($$"""{"name":"n","expireAt":{{value}}}"""))
            .ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Empty(await host.ListKeysAsync(owner));
    }

    private async Task<HttpResponseMessage> MakeAsync(string owner, DateTimeOffset end) =>
        await host.PostAsync(ApiKeyCalls.KeysOf(owner), await host.AdminTokenAsync(), new { name = NewName("key"), expireAt = end });

    private async Task<ApiKey> NewKeyAsync(TimeSpan lifetime, string? owner = null)
    {
        owner ??= (await host.CreateServiceAsync()).Id;
        var made = await MakeAsync(owner, host.Clock.GetUtcNow() + lifetime).ExpectAsync(HttpStatusCode.Created);
        return new ApiKey(made.Text("id"), made.Text("key"), owner);
    }

    private static DateTimeOffset TimeOf(JsonElement key, string member) =>
        DateTimeOffset.Parse(key.Text(member), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ApiKeyExpiryTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ApiKeyExpiryTests(store.Host);
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.AppTokens;

/// <summary>Administrators create, list and revoke API keys. A key itself is shown only once.</summary>
public abstract class ApiKeyTests(AuthHost host)
{
    [Fact]
    public async Task A_key_is_shown_once_and_listed_without_it()
    {
        var (owner, admin) = ((await host.CreateServiceAsync()).Id, await host.AdminTokenAsync());

        using var response = await host.PostAsync(ApiKeyCalls.KeysOf(owner), admin, new { name = "Billing \"prod\" ü" });
        var made = await response.ExpectAsync(HttpStatusCode.Created);
        var listed = Assert.Single(await host.ListKeysAsync(owner));

        Assert.Equal(["createdAt", "expireAt", "id", "key", "name", "prefix"], made.MemberNames());
        Assert.Matches("^sk_[A-Za-z0-9_-]{43,}$", made.Text("key"));
        Assert.StartsWith(made.Text("prefix"), made.Text("key"), StringComparison.Ordinal);
        Assert.InRange(made.Text("prefix").Length, "sk_".Length + 4, "sk_".Length + 12);
        Assert.True(AuthCalls.IsNoStore(response.Headers));
        Assert.Equal(["createdAt", "expireAt", "id", "lastUsedAt", "name", "prefix"], listed.MemberNames());
        foreach (var member in new[] { "id", "name", "prefix", "createdAt" })
            Assert.Equal(made.GetProperty(member).GetRawText(), listed.GetProperty(member).GetRawText());
        Assert.Equal(("Billing \"prod\" ü", JsonValueKind.Null), (listed.Text("name"), listed.GetProperty("lastUsedAt").ValueKind));
        await StoreContents.ExpectNoneOfAsync(host.Database, [made.Text("key")[made.Text("prefix").Length..], made.Text("key")], butDoesHold: owner);
    }

    [Fact]
    public async Task The_list_says_when_a_key_was_last_used()
    {
        var (used, unused) = (await host.NewApiKeyAsync(), await host.NewApiKeyAsync());
        host.Clock.Advance(TimeSpan.FromHours(1));
        var before = host.Clock.GetUtcNow();

        await host.GetAsync(AppTokenCalls.Applications, used.Key).ExpectAsync(HttpStatusCode.OK);
        var first = LastUse(Assert.Single(await host.ListKeysAsync(used.Owner)));
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.PostAsync($"/auth/claim?jti={NewName("jti")}", used.Key).ExpectAsync(HttpStatusCode.NoContent);
        var second = LastUse(Assert.Single(await host.ListKeysAsync(used.Owner)));

        Assert.InRange(first!.Value, before.AddMinutes(-1), before.AddMinutes(1));
        Assert.InRange(second!.Value, first.Value.AddMinutes(59), first.Value.AddMinutes(61));
        Assert.Null(LastUse(Assert.Single(await host.ListKeysAsync(unused.Owner))));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_at_once_on_each_instance_and_the_others_are_not()
    {
        await using var twin = await host.StartTwinAsync();
        var key = await host.NewApiKeyAsync();
        var other = await host.NewApiKeyAsync(key.Owner);
        foreach (var instance in new[] { host, twin })
            await instance.GetAsync(AppTokenCalls.Applications, key.Key).ExpectAsync(HttpStatusCode.OK);

        await host.RevokeAsync(key);

        foreach (var instance in new[] { twin, host })
        {
            await instance.ExpectRefusedAsync(key);
            await instance.GetAsync(AppTokenCalls.Applications, other.Key).ExpectAsync(HttpStatusCode.OK);
        }

        Assert.Equal(other.Id, Assert.Single(await host.ListKeysAsync(key.Owner)).Text("id"));
        await host.DeleteAsync($"{ApiKeyCalls.KeysOf(key.Owner)}/{key.Id}", await host.AdminTokenAsync()).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_is_revoked_under_its_own_service_only()
    {
        var (key, other) = (await host.NewApiKeyAsync(), await host.NewApiKeyAsync());
        var admin = await host.AdminTokenAsync();

        await host.DeleteAsync($"{ApiKeyCalls.KeysOf(other.Owner)}/{key.Id}", admin).ProblemAsync(HttpStatusCode.NotFound);
        foreach (var id in new[] { Guid.CreateVersion7().ToString(), "nonsense", "%20" })
            await host.DeleteAsync($"{ApiKeyCalls.KeysOf(key.Owner)}/{id}", admin).ProblemAsync(HttpStatusCode.NotFound);

        await host.GetAsync(AppTokenCalls.Applications, key.Key).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("deleted")]
    public async Task The_keys_of_a_service_are_refused_at_once_when_it_is_disabled_or_deleted(string how)
    {
        await using var twin = await host.StartTwinAsync();
        var key = await host.NewApiKeyAsync();
        await twin.GetAsync(AppTokenCalls.Applications, key.Key).ExpectAsync(HttpStatusCode.OK);

        if (how is "disabled")
            await host.ChangeAsync(key.Owner, new { state = "DISABLED" });
        else
            await host.DeleteAsync(Administration.PathOf(key.Owner), await host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.NoContent);

        await twin.ExpectRefusedAsync(key);
        await host.ExpectRefusedAsync(key);
    }

    [Fact]
    public async Task Only_services_have_keys()
    {
        var admin = await host.AdminTokenAsync();
        var person = await host.CreatePersonAsync();
        var provider = (await host.CreateAsync(new { id = NewName("#P_provider"), type = "PROVIDER" })).Text("id");

        foreach (var owner in new[] { person.Id, provider, AuthHost.AdminId })
            await host.PostAsync(ApiKeyCalls.KeysOf(owner), admin, new { name = "n" }).ProblemAsync(HttpStatusCode.BadRequest);
        await host.PostAsync(ApiKeyCalls.KeysOf(NewName("_nobody")), admin, new { name = "n" }).ProblemAsync(HttpStatusCode.NotFound);
        await host.GetAsync(ApiKeyCalls.KeysOf(NewName("_nobody")), admin).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"name\":null}")]
    [InlineData("{\"name\":\"\"}")]
    [InlineData("{\"name\":7}")]
    [InlineData("{\"name\":\"a\\u0000b\"}")]
    [InlineData("{\"name\":\"a\\nb\"}")]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_bad_name_is_refused(string body)
    {
        var (owner, admin) = ((await host.CreateServiceAsync()).Id, await host.AdminTokenAsync());

        await host.PostAsync(ApiKeyCalls.KeysOf(owner), admin, AuthCalls.Json(body)).ProblemAsync(HttpStatusCode.BadRequest);
        await host.PostAsync(ApiKeyCalls.KeysOf(owner), admin, new { name = new string('x', 1_001) }).ProblemAsync(HttpStatusCode.BadRequest);

        Assert.Empty(await host.ListKeysAsync(owner));
    }

    [Fact]
    public async Task Only_administrators_deal_with_keys_and_no_key_makes_another()
    {
        var key = await host.NewApiKeyAsync();
        var bearers = new[] { key.Key, await host.NewServiceTokenAsync(), (await host.SignedInPersonAsync()).AccessToken };

        foreach (var bearer in bearers)
        {
            await host.PostAsync(ApiKeyCalls.KeysOf(key.Owner), bearer, new { name = "another" }).ProblemAsync(HttpStatusCode.Forbidden);
            await host.GetAsync(ApiKeyCalls.KeysOf(key.Owner), bearer).ProblemAsync(HttpStatusCode.Forbidden);
            await host.DeleteAsync($"{ApiKeyCalls.KeysOf(key.Owner)}/{key.Id}", bearer).ProblemAsync(HttpStatusCode.Forbidden);
        }

        await host.PostAsync(ApiKeyCalls.KeysOf(key.Owner), bearer: null, new { name = "another" }).ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Single(await host.ListKeysAsync(key.Owner));
    }

    [Fact]
    public async Task Making_and_revoking_a_key_is_on_record_without_the_key()
    {
        var key = await host.NewApiKeyAsync();
        var between = await host.Database.CountAsync("audit_events");

        await host.RevokeAsync(key);

        Assert.True(await host.Database.CountAsync("audit_events") >= between + 1);
        await StoreContents.ExpectNoneOfAsync(host.Database, [key.Key], butDoesHold: key.Owner);
    }

    private static DateTimeOffset? LastUse(JsonElement key) => key.GetProperty("lastUsedAt").GetString() is { } text
        ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
        : null;

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ApiKeyTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ApiKeyTests(store.Host);
}

using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.OAuth;

/// <summary>Access tokens issued for an API key, and all tokens made from them, become invalid when the key is revoked or expires.</summary>
public abstract class ApiKeyTokenTests(AuthHost host)
{
    private const string Claim = "apiKeyId";
    private const long Day = 24 * 60 * Delegations.Minute;

    [Fact]
    public async Task They_name_the_key_and_so_does_what_is_made_of_them()
    {
        var (key, caller) = (await host.NewApiKeyAsync(), await host.NewServiceTokenAsync("_svc"));
        var token = await TokenOfAsync(key);
        var extended = await host.ExtendAsync(caller, token, "files:read");

        foreach (var made in new[] { token, extended, await host.OneTimeTokenAsync(token), await host.OneTimeTokenAsync(extended) })
            Assert.Equal(key.Id, Requests.ClaimsOf(made).Text(Claim));
        var ofRefreshToken = await host.RefreshAsync((await host.CreateServiceAsync()).RefreshToken);
        Assert.False(Requests.ClaimsOf(ofRefreshToken).TryGetProperty(Claim, out _));
        Assert.True(await host.HoldsAsync(ofRefreshToken));
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    public async Task None_of_them_outlives_the_key(string end)
    {
        var key = await host.NewApiKeyAsync();
        var (other, caller) = (await host.NewApiKeyAsync(key.Owner), await host.NewServiceTokenAsync("_svc"));
        var (token, ofOther) = (await TokenOfAsync(key), await TokenOfAsync(other));
        var extended = await host.ExtendAsync(caller, token, "files:read");
        string[] all = [token, extended, await host.OneTimeTokenAsync(token)];
        foreach (var made in all)
            Assert.True((await host.IntrospectAsync(caller, made)).GetProperty("active").GetBoolean());

        if (end is "revoked")
            await host.RevokeAsync(key);
        else
            await host.Database.ExecuteAsync($"UPDATE api_keys SET expire_at = 1 WHERE prefix = '{key.Key[..10]}'");

        foreach (var made in all)
            await host.ExpectInactiveAsync("ApiKeyRevoked", caller, made);
        await host.ExpectReasonAsync(
            "ApiKeyRevoked", () => host.GetAsync("/auth/sessions", token), HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        await host.ExpectReasonAsync(
            "ApiKeyRevoked", () => host.TryExtendAsync(caller, token, ["files:read"]), HttpStatusCode.Unauthorized, "INVALID_TOKEN");
        Assert.True(await host.HoldsAsync(ofOther));
    }

    [Fact]
    public async Task Of_a_token_without_a_session_nothing_is_made_that_outlives_it()
    {
        using var frozen = host.Clock.Freeze();
        var (key, caller) = (await host.NewApiKeyAsync(), await host.NewServiceTokenAsync("_svc"));
        foreach (var source in new[] { await TokenOfAsync(key), await host.NewServiceTokenAsync() })
        {
            var extended = (await host.TryExtendAsync(caller, source, ["files:write"], Day).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
            var again = (await host.TryExtendAsync(caller, extended, ["files:write"], Day).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
            Assert.Equal([EndOf(source), EndOf(source)], [EndOf(extended), EndOf(again)]);
        }

        var last = await TokenOfAsync(key);
        host.Clock.Advance(DateTimeOffset.FromUnixTimeSeconds(EndOf(last) - 10) - host.Clock.GetUtcNow());
        Assert.Equal(EndOf(last), EndOf(await host.OneTimeTokenAsync(last)));

        static long EndOf(string token) => Requests.ClaimsOf(token).GetProperty("exp").GetInt64();
    }

    [Fact]
    public async Task Of_a_token_without_a_session_no_session_is_made()
    {
        var caller = await host.NewServiceTokenAsync("_svc");
        var ofKey = await TokenOfAsync(await host.NewApiKeyAsync());
        foreach (var source in new[] { ofKey, await host.ExtendAsync(caller, ofKey, "files:read"), await host.NewServiceTokenAsync() })
        {
            await host.ExpectReasonAsync(
                "WithoutSession",
                () => host.TryExtendAsync(caller, source, ["files:read"], allowRefreshes: true),
                HttpStatusCode.Forbidden,
                "SCOPE_NOT_ALLOWED");
        }
    }

    private async Task<string> TokenOfAsync(ApiKey key) => (await host.ClientTokenAsync(new OAuthClient(key.Owner, key.Key))).Text("access_token");

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : ApiKeyTokenTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : ApiKeyTokenTests(store.Host);
}

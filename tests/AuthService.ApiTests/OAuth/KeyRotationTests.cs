using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.OAuth;

/// <summary>Signing keys rotate by the clock without a valid token being refused. Tokens signed by anybody else are refused.</summary>
public abstract class KeyRotationTests(AuthHost host)
{
    [Fact]
    public async Task Keys_change_by_the_clock_and_no_valid_token_is_refused()
    {
        var start = TimeProvider.System.GetUtcNow();
        var (switchAt, retireAt) = (start.AddMinutes(30), start.AddHours(1));
        await using var own = await host.StartAnotherAsync(
            SigningKeys.At(1, "ES384", "second", activeFrom: switchAt).With(SigningKeys.Dates(0, retireAfter: retireAt)));
        using var frozen = own.Clock.Freeze();

        await AdvanceToAsync(own, switchAt.AddTicks(-10), signs: "test-es256", published: ["second", "test-es256"]);
        var (old, session) = (await own.NewAdminTokenAsync(), await own.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword));
        await AdvanceToAsync(own, switchAt, signs: "second", published: ["second", "test-es256"]);
        await own.GetAsync("/auth/sessions", old).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("second", Requests.HeaderOf(await own.RefreshAsync(session.RefreshToken)).Text("kid"));
        await AdvanceToAsync(own, retireAt.AddSeconds(1), signs: "second", published: ["second", "test-es256"]);
        await AdvanceToAsync(own, retireAt.AddHours(24), signs: "second", published: ["second", "test-es256"]);
        await AdvanceToAsync(own, retireAt.AddHours(24).AddSeconds(1), signs: "second", published: ["second"]);
        await own.RefreshAsync(session.RefreshToken);
    }

    /// <summary>The longest-lived token is one that was extended for 24 hours in the last moment of its key.</summary>
    [Fact]
    public async Task A_retired_key_is_known_until_its_last_token_has_expired()
    {
        var retireAt = TimeProvider.System.GetUtcNow().AddHours(1);
        await using var own = await host.StartAnotherAsync(
            SigningKeys.At(1, "ES256", "second", activeFrom: retireAt).With(SigningKeys.Dates(0, retireAfter: retireAt)));
        using var frozen = own.Clock.Freeze();
        own.Clock.Advance(retireAt.AddTicks(-10) - own.Clock.GetUtcNow());
        var (service, admin) = (await own.NewServiceTokenAsync("_svc"), await own.NewAdminTokenAsync());
        var answer = await own.TryExtendAsync(service, admin, ["files:read"], 24 * 60 * Delegations.Minute)
            .ExpectAsync(HttpStatusCode.OK);
        var token = answer.Text("accessToken");
        Assert.Equal("test-es256", Requests.HeaderOf(token).Text("kid"));

        own.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(2));

        Assert.True(await own.HoldsAsync(token));
        Assert.Contains("test-es256", (await own.PublishedKeysAsync()).Keys, StringComparer.Ordinal);
    }

    /// <summary>An instance with a clock that is ahead already signs with a key that is not yet active on this instance.</summary>
    [Fact]
    public async Task A_token_of_a_coming_key_is_taken()
    {
        var settings = SigningKeys.At(1, "ES256", "coming", activeFrom: TimeProvider.System.GetUtcNow().AddMinutes(5));
        await using var slow = await host.StartAnotherAsync(settings);
        await using var ahead = await slow.StartTwinAsync(settings.With(SigningKeys.Dates(1, activeFrom: TimeProvider.System.GetUtcNow().AddMinutes(-5))));

        var token = await ahead.NewAdminTokenAsync();

        Assert.Equal("coming", Requests.HeaderOf(token).Text("kid"));
        Assert.True(await slow.HoldsAsync(token));
    }

    [Fact]
    public async Task A_token_signed_by_a_stranger_with_our_issuer_and_key_id_is_refused()
    {
        await using var stranger = await host.StartAnotherAsync();

        var token = await stranger.NewAdminTokenAsync();

        Assert.Equal("test-es256", Requests.HeaderOf(token).Text("kid"));
        Assert.True(await stranger.HoldsAsync(token));
        await host.GetAsync("/admin/principals", token).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_of_another_issuer_is_refused_although_the_key_is_ours()
    {
        await using var other = await host.StartTwinAsync(new() { ["Jwt:Issuer"] = "http://other.example.com" });

        var token = await other.NewAdminTokenAsync();

        Assert.True(await other.HoldsAsync(token));
        await host.GetAsync("/admin/principals", token).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), token, ["files:read"]).RefusalAsync(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer x")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJhZG1pbiJ9.")]
    [InlineData("bearer null")]
    public async Task A_hostile_credential_is_401_and_names_the_scheme(string authorization)
    {
        foreach (var path in new[] { "/auth/sessions", "/admin/principals" })
        {
            using var response = await host.SendAsync(HttpMethod.Get, path, headers: [("Authorization", authorization)]);
            await response.ExpectAsync(HttpStatusCode.Unauthorized);
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        }
    }

    [Fact]
    public async Task Credentials_of_10_KB_or_two_at_once_are_401()
    {
        var token = await host.NewAdminTokenAsync();

        await host.GetAsync("/admin/principals", new string('x', 10_000)).RefusalAsync(HttpStatusCode.Unauthorized);
        await host.SendAsync(HttpMethod.Get, "/admin/principals", headers: [("Authorization", $"Bearer {token}"), ("Authorization", $"Bearer {token}")])
            .RefusalAsync(HttpStatusCode.Unauthorized);
        await host.GetAsync($"/admin/principals?access_token={token}").RefusalAsync(HttpStatusCode.Unauthorized);
    }

    private static async Task AdvanceToAsync(AuthHost own, DateTimeOffset moment, string signs, string[] published)
    {
        own.Clock.Advance(moment - own.Clock.GetUtcNow());
        Assert.Equal(published, (await own.PublishedKeysAsync()).Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        var token = await own.NewAdminTokenAsync();
        Assert.Equal(signs, Requests.HeaderOf(token).Text("kid"));
        await own.GetAsync("/auth/sessions", token).ExpectAsync(HttpStatusCode.OK);
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : KeyRotationTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : KeyRotationTests(store.Host);
}

using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Sessions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthService.ApiTests.Revocations;

/// <summary>
/// The receipt of a revocation tells what was revoked and until when offline verifiers may still accept it
/// (src/AuthService/README.md#receipts).
/// </summary>
public abstract class ReceiptTests(AuthHost host)
{
    private const long Day = 24 * 60 * 60 * 1000L;

    [Fact]
    public async Task It_is_signed_with_a_published_key_and_says_what_ended_and_when()
    {
        using var still = host.Clock.Freeze();
        var session = await host.SignedInPersonAsync();
        var now = host.Clock.GetUtcNow();

        var receipt = await host.PostAsync("/auth/logout", session.RefreshToken).ReceiptAsync(HttpStatusCode.NoContent);

        var keys = new JsonWebKeySet(await host.Http.GetStringAsync("/.well-known/jwks.json"));
        var verified = await new JsonWebTokenHandler().ValidateTokenAsync(receipt, new TokenValidationParameters
        {
            ValidTypes = ["revocation-receipt+jwt"],
            ValidIssuer = Requests.ClaimsOf(session.AccessToken).Text("iss"),
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        Assert.True(verified.IsValid, $"{verified.Exception}");
        var claims = Requests.ClaimsOf(receipt);
        Assert.Equal("cursor iat iss jti offlineUntil revoked revokedAt sessions", NamesOf(claims));
        Assert.Equal("sid until", NamesOf(Assert.Single(claims.GetProperty("revoked").EnumerateArray())));
        Assert.Equal(session.SessionId, claims.GetProperty("revoked")[0].Text("sid"));
        Assert.Equal(1, claims.GetProperty("sessions").GetInt32());
        Assert.Equal(now.ToUnixTimeMilliseconds() / 1000m, claims.GetProperty("revokedAt").GetDecimal());
        Assert.Equal(now.ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(Expiry(session.AccessToken), OfflineUntil(claims));
    }

    [Fact]
    public async Task It_tells_until_when_the_longest_token_of_the_session_could_pass()
    {
        var (service, session) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        var day = (await host.TryExtendAsync(service, session.AccessToken, ["files:read"], Day).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

        var claims = await host.PostAsync("/auth/logout", session.RefreshToken).ReceiptClaimsAsync(HttpStatusCode.NoContent);

        Assert.Equal(Expiry(day), OfflineUntil(claims));
        Assert.True(claims.GetProperty("revoked")[0].GetProperty("until").GetInt64() > Expiry(day));
    }

    [Fact]
    public async Task The_tokens_of_a_delegated_session_have_a_lifetime_of_their_own()
    {
        using var still = host.Clock.Freeze();
        var (service, person) = (await host.NewServiceTokenAsync("_svc"), await host.SignedInPersonAsync());
        var delegated = await host.DelegateAsync(service, person.AccessToken, "files:write");
        Assert.True(Expiry(delegated.AccessToken) < Expiry(person.AccessToken));

        var claims = await host.PostAsync("/auth/logout", delegated.RefreshToken).ReceiptClaimsAsync(HttpStatusCode.NoContent);

        Assert.Equal(Expiry(delegated.AccessToken), OfflineUntil(claims));
    }

    [Fact]
    public async Task Of_many_sessions_it_lists_some_and_counts_all()
    {
        using var still = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => host.LoginAsync(person)));
        var day = await host.TryExtendAsync(await host.NewServiceTokenAsync("_svc"), sessions[7].AccessToken, ["files:read"], Day)
            .ExpectAsync(HttpStatusCode.OK);

        var receipt = await host.DeleteAsync($"/admin/principals/{person.Id}/sessions", await host.AdminTokenAsync()).ReceiptAsync(HttpStatusCode.OK);

        var claims = Requests.ClaimsOf(receipt);
        Assert.Equal(25, claims.GetProperty("sessions").GetInt32());
        var listed = claims.GetProperty("revoked").EnumerateArray().Select(entry => entry.Text("sid")).ToArray();
        Assert.Equal(10, listed.Distinct(StringComparer.Ordinal).Count());
        Assert.Empty(listed.Except(sessions.Select(session => session.SessionId), StringComparer.Ordinal));
        Assert.Equal(Expiry(day.Text("accessToken")), OfflineUntil(claims));
        Assert.InRange(receipt.Length, 1, 2_048);
    }

    [Fact]
    public async Task The_tokens_of_a_service_end_with_its_credential()
    {
        using var still = host.Clock.Freeze();
        var service = await host.CreateServiceAsync();
        var before = await host.RefreshAsync(service.RefreshToken);

        var claims = await host.PostAsync($"/admin/principals/{service.Id}/refresh-token", await host.AdminTokenAsync())
            .ReceiptClaimsAsync(HttpStatusCode.OK);

        var entry = Assert.Single(claims.GetProperty("revoked").EnumerateArray());
        Assert.Equal((service.Id, "before securityStamp sub until"), (entry.Text("sub"), NamesOf(entry)));
        Assert.Equal(0, claims.GetProperty("sessions").GetInt32());
        Assert.Equal(Expiry(before), OfflineUntil(claims));
        await host.PostAsync($"/admin/principals/{service.Id}/refresh-token", await host.AdminTokenAsync(), new { overlap = 60 })
            .WithoutReceiptAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_tokens_of_an_API_key_end_with_it()
    {
        var client = await host.NewOAuthClientAsync();
        var token = (await host.ClientTokenAsync(client)).Text("access_token");
        var key = Requests.ClaimsOf(token).Text("apiKeyId");

        var claims = await host.DeleteAsync($"/admin/principals/{client.Id}/api-keys/{key}", await host.AdminTokenAsync())
            .ReceiptClaimsAsync(HttpStatusCode.NoContent);

        Assert.Equal(key, Assert.Single(claims.GetProperty("revoked").EnumerateArray()).Text("apiKeyId"));
        Assert.InRange(OfflineUntil(claims), Expiry(token), Expiry(token) + 60);
    }

    [Fact]
    public async Task A_token_that_is_revoked_by_itself_ends_when_it_says()
    {
        var (service, validator) = (await host.NewServiceTokenAsync(), new OfflineValidator(host, await host.NewServiceTokenAsync()));
        var token = await host.OneTimeTokenAsync((await host.SignedInPersonAsync()).AccessToken, "files:read");

        var claims = await host.RevokeAsync(service, token).ReceiptClaimsAsync(HttpStatusCode.OK);

        await validator.ComesToAsync(claims.Text("cursor"));
        Assert.Equal(validator.Find(token)!.Value.Text("tokenHash"), Assert.Single(claims.GetProperty("revoked").EnumerateArray()).Text("tokenHash"));
        Assert.Equal(Expiry(token), OfflineUntil(claims));
        await host.RevokeAsync(service, token).WithoutReceiptAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_identity_that_a_session_gives_up_is_revoked_at_both_ends()
    {
        var ((administrator, own), person) = (await host.ImpersonatorAsync(), await host.CreatePersonAsync());
        var (service, validator) = (await host.NewServiceTokenAsync(), new OfflineValidator(host, await host.NewServiceTokenAsync()));

        var begun = await host.TryImpersonateAsync(own.AccessToken, own.SessionId, person.Uuid).ReceiptClaimsAsync(HttpStatusCode.OK);
        var acting = await host.RefreshAsync(own.RefreshToken);
        var ended = await host.TryRevertAsync(service, own.SessionId).ReceiptClaimsAsync(HttpStatusCode.OK);

        Assert.Equal(
            [(own.SessionId, administrator.Id, 0), (own.SessionId, person.Id, 0)],
            new[] { begun, ended }.Select(claims => (EntryOf(claims).Text("sid"), EntryOf(claims).Text("sub"), claims.GetProperty("sessions").GetInt32())));
        Assert.InRange(OfflineUntil(begun), Expiry(own.AccessToken), Expiry(own.AccessToken) + 60);
        await validator.ComesToAsync(ended.Text("cursor"));
        Assert.True(validator.Refuses(own.AccessToken));
        Assert.True(validator.Refuses(acting));
    }

    [Fact]
    public async Task A_sign_in_over_another_one_says_that_it_has_ended()
    {
        var person = await host.CreatePersonAsync();
        var first = await host.LoginAsync(person, "web");

        var claims = await host.TryLoginAsync(person.Id, person.Password, "web", ("Cookie", first.Cookie), ("Origin", AuthHost.Origin))
            .ReceiptClaimsAsync(HttpStatusCode.OK);

        Assert.Equal(first.SessionId, EntryOf(claims).Text("sid"));
    }

    [Fact]
    public async Task What_ends_the_sessions_of_somebody_says_so_whoever_asked_for_it()
    {
        var (person, password) = (await host.CreatePersonAsync(), Hosting.Principals.NewPassword());
        var session = await host.LoginAsync(person);

        var changed = await host.PutAsync("/account/password", session.AccessToken, new { currentPassword = person.Password, newPassword = password })
            .ReceiptClaimsAsync(HttpStatusCode.NoContent);
        var next = await host.LoginAsync(person.Id, password);
        var disabled = await host.PatchAsync($"/admin/principals/{person.Id}", await host.AdminTokenAsync(), new { state = "DISABLED" })
            .ReceiptClaimsAsync(HttpStatusCode.OK);

        Assert.Equal(session.SessionId, EntryOf(changed).Text("sid"));
        var entries = disabled.GetProperty("revoked").EnumerateArray();
        Assert.Equal(
            [("extendedBy", person.Id), ("sid", next.SessionId)],
            entries.Select(entry => entry.EnumerateObject().First()).Select(member => (member.Name, member.Value.GetString()!)));
        await host.PatchAsync($"/admin/principals/{person.Id}", await host.AdminTokenAsync(), new { state = "ENABLED" })
            .WithoutReceiptAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_revokes_nothing_has_none()
    {
        var (session, admin, service) = (await host.SignedInPersonAsync("web"), await host.AdminTokenAsync(), await host.NewServiceTokenAsync());
        var ended = await host.SignedInPersonAsync();
        await host.PostAsync("/auth/logout", ended.RefreshToken).ReceiptAsync(HttpStatusCode.NoContent);

        await host.PostAsync("/auth/logout", ended.RefreshToken).WithoutReceiptAsync(HttpStatusCode.Unauthorized);
        await host.PostAsync("/auth/logout/bulk", service, new { tokens = new[] { ended.RefreshToken } }).WithoutReceiptAsync(HttpStatusCode.NoContent);
        await host.DeleteAsync($"/admin/sessions/{ended.SessionId}?descendants=true", admin).WithoutReceiptAsync(HttpStatusCode.OK);
        await host.DeleteAsync($"/sessions/{Guid.NewGuid()}", service).WithoutReceiptAsync(HttpStatusCode.NotFound);
        await host.DeleteAsync("/account/sessions", session.AccessToken).WithoutReceiptAsync(HttpStatusCode.OK);
        await host.RevokeAsync(service, ended.AccessToken).WithoutReceiptAsync(HttpStatusCode.OK);
        await host.TryWebRefreshAsync(session).WithoutReceiptAsync(HttpStatusCode.OK);
        await host.TryWebLogoutAsync(session).ReceiptAsync(HttpStatusCode.NoContent);
        await host.TryWebLogoutAsync(session).WithoutReceiptAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_session_that_has_expired_is_not_revoked()
    {
        await using var own = await host.StartAnotherAsync();
        var (first, second) = (await own.SignedInPersonAsync(), await own.SignedInPersonAsync());
        own.Clock.Advance(TimeSpan.FromDays(400));

        await own.PostAsync("/auth/logout", first.RefreshToken).WithoutReceiptAsync(HttpStatusCode.Unauthorized);
        await own.DeleteAsync($"/sessions/{second.SessionId}", await own.NewServiceTokenAsync()).WithoutReceiptAsync(HttpStatusCode.NotFound);
        await own.DeleteAsync("/sessions/expired", await own.NewServiceTokenAsync()).WithoutReceiptAsync(HttpStatusCode.NoContent);
    }

    private static string NamesOf(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));

    private static JsonElement EntryOf(JsonElement claims) => Assert.Single(claims.GetProperty("revoked").EnumerateArray());

    private static long OfflineUntil(JsonElement claims) => claims.GetProperty("offlineUntil").GetInt64();

    private static long Expiry(string token) => Requests.ClaimsOf(token).GetProperty("exp").GetInt64();

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : ReceiptTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : ReceiptTests(store.Host);
}

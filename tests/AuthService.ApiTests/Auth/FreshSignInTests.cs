using System.Net;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using OtpNet;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Auth;

/// <summary>Some changes require a recent proof of identity (RFC 9470), which the person can give again.</summary>
public abstract class FreshSignInTests(AuthHost host)
{
    private static readonly TimeSpan TooLong = TimeSpan.FromDays(2); // a proof is fresh for one day in these tests

    [Fact]
    public async Task An_old_sign_in_is_not_enough_and_the_password_renews_it()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        host.Clock.Advance(TooLong);
        var old = await host.RefreshAsync(session.RefreshToken);
        await ExpectInsufficientAsync(old, "max_age=\"86400\"");

        var refusal = await host.TryProveAsync(old, new { password = "wrong" }).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("WRONG_CREDENTIALS", refusal.Text("errorCode"));
        var proved = (await host.TryProveAsync(old, new { password = person.Password }).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

        await host.DeleteAsync(SetUp, proved).ExpectAsync(HttpStatusCode.BadRequest); // the proof was accepted, but no app is connected
        var (before, after) = (Requests.ClaimsOf(old), Requests.ClaimsOf(proved));
        Assert.Equal(before.Text("sid"), after.Text("sid"));
        Assert.Equal(after.GetProperty("iat").GetInt64(), after.GetProperty("auth_time").GetInt64());
        Assert.True(before.GetProperty("auth_time").GetInt64() < after.GetProperty("auth_time").GetInt64());
        var refreshed = Requests.ClaimsOf(await host.RefreshAsync(session.RefreshToken));
        Assert.Equal(after.GetProperty("auth_time").GetInt64(), refreshed.GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task Who_has_a_second_factor_shows_that()
    {
        var guarded = await host.GuardedAsync();
        var session = await host.LoginAsync(guarded);
        host.Clock.Advance(TooLong);
        var old = await host.RefreshAsync(session.RefreshToken);
        await ExpectInsufficientAsync(old, "max_age=\"86400\"");

        Assert.Equal("SECOND_FACTOR_NEEDED", (await host.TryProveAsync(old, new { password = guarded.Person.Password })
            .ExpectAsync(HttpStatusCode.BadRequest)).Text("errorCode"));
        await host.TryProveAsync(old, new { verificationCode = "000000" }).ExpectAsync(HttpStatusCode.Unauthorized);
        using var frozen = host.Clock.Freeze();
        var code = host.NextCode(guarded);
        var proved = (await host.TryProveAsync(old, new { verificationCode = code }).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

        await host.TryProveAsync(old, new { verificationCode = code }).ExpectAsync(HttpStatusCode.Unauthorized);
        await host.DeleteAsync(SetUp, proved).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_session_without_the_factor_that_was_connected_elsewhere_is_told_which_is_missing()
    {
        var person = await host.CreatePersonAsync();
        var other = await host.LoginAsync(person);
        await host.GuardedAsync(person);

        await ExpectInsufficientAsync(other.AccessToken, "acr_values=\"mfa\", max_age=\"86400\"");
        var proved = (await host.TryProveAsync(other.AccessToken, new { password = person.Password }).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        await ExpectInsufficientAsync(proved, "acr_values=\"mfa\", max_age=\"86400\""); // the password is not enough without the code
        Assert.Equal(["verificationCode"], await ProofsAsync(proved));
    }

    /// <summary>Somebody who only stole a session can connect an app to it, but must not be able to prove their identity with this app.</summary>
    [Fact]
    public async Task An_app_that_was_connected_without_a_proof_is_none()
    {
        using var frozen = host.Clock.Freeze();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        host.Clock.Advance(TooLong);
        var guarded = await host.GuardedAsync(session with { AccessToken = await host.RefreshAsync(session.RefreshToken) }, person);
        var old = await host.RefreshAsync(session.RefreshToken);
        await ExpectInsufficientAsync(old, "max_age=\"86400\"");
        Assert.Equal(["password"], await ProofsAsync(old));

        var refusal = await host.TryProveAsync(old, new { verificationCode = host.NextCode(guarded) }).ExpectAsync(HttpStatusCode.BadRequest);

        Assert.Equal("PASSWORD_NEEDED", refusal.Text("errorCode"));
        await ExpectInsufficientAsync(old, "max_age=\"86400\"");
        var half = (await host.TryProveAsync(old, new { password = person.Password }).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        await ExpectInsufficientAsync(half, "acr_values=\"mfa\", max_age=\"86400\"");
        Assert.Equal(["verificationCode"], await ProofsAsync(half));
        var proved = (await host.TryProveAsync(half, new { verificationCode = host.NextCode(guarded) }).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        await host.DeleteAsync(SetUp, proved).ExpectAsync(HttpStatusCode.NoContent);
    }

    /// <summary>
    /// The passkey may be on another device, so the password is offered too. The password alone is not enough, whatever the session
    /// proved before.
    /// </summary>
    [Fact]
    public async Task Beside_a_passkey_an_app_that_is_newer_than_the_session_asks_for_the_password_and_the_code()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (person, owner) = await host.PasskeyOwnerAsync(authenticator);
        var other = await host.LoginAsync(authenticator);
        var guarded = await host.GuardedAsync(owner, person);

        Assert.Equal(["passkey", "password"], await ProofsAsync(other.AccessToken));
        var half = (await host.TryProveAsync(other.AccessToken, new { password = person.Password }).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        await ExpectInsufficientAsync(half, "acr_values=\"mfa\", max_age=\"86400\"");
        using var frozen = host.Clock.Freeze();
        await host.TryProveAsync(half, new { verificationCode = host.NextCode(guarded) }).ExpectAsync(HttpStatusCode.OK);
    }

    /// <summary>A first passkey is a new way to sign in.</summary>
    [Fact]
    public async Task A_first_passkey_asks_for_a_proof_as_well()
    {
        using var authenticator = new SoftwareAuthenticator();
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var prompt = await host.NewPasskeyPromptAsync(session.AccessToken);
        host.Clock.Advance(TooLong);
        var old = await host.RefreshAsync(session.RefreshToken);

        await ExpectInsufficientAsync(HttpMethod.Post, "/account/passkeys/options", old, "max_age=\"86400\"");
        await host.TryAddPasskeyAsync(old, prompt, authenticator.Create(prompt.Options)).RefusalAsync(HttpStatusCode.Unauthorized);

        var proved = (await host.TryProveAsync(old, new { password = person.Password }).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");
        await host.AddPasskeyAsync(proved, authenticator);
    }

    [Fact]
    public async Task An_administrator_who_impersonates_somebody_proves_nothing_for_them()
    {
        var ((_, session), person) = (await host.ImpersonatorAsync(), await host.CreatePersonAsync());
        await host.ImpersonateAsync(session.AccessToken, session.SessionId, person);
        var token = await host.RefreshAsync(session.RefreshToken);

        await ExpectInsufficientAsync(token, "max_age=\"86400\"");
        await host.TryProveAsync(token, new { password = person.Password }).ExpectAsync(HttpStatusCode.Forbidden);
        await host.PostAsync(SetUp, token).ExpectAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_app_beside_a_passkey_asks_for_it_and_beside_an_app_there_is_none()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (_, session) = await host.PasskeyOwnerAsync(authenticator);
        var guarded = await host.GuardedAsync();
        host.Clock.Advance(TooLong);

        await ExpectInsufficientAsync(HttpMethod.Post, SetUp, await host.RefreshAsync(session.RefreshToken), "max_age=\"86400\"");
        var connected = await host.PostAsync(SetUp, await host.RefreshAsync(guarded.Session.RefreshToken)).ExpectAsync(HttpStatusCode.BadRequest);
        Assert.Equal("ALREADY_CONNECTED", connected.Text("errorCode"));
        await host.PostAsync(SetUp, (await host.LoginAsync(authenticator)).AccessToken).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_set_up_that_was_begun_before_there_was_a_passkey_is_void()
    {
        using var authenticator = new SoftwareAuthenticator();
        var session = await host.SignedInPersonAsync();
        var begun = await host.PostAsync(SetUp, session.AccessToken).ExpectAsync(HttpStatusCode.OK);
        await host.AddPasskeyAsync(session.AccessToken, authenticator);

        var code = new Totp(Base32Encoding.ToBytes(begun.Text("secret"))).ComputeTotp(host.Clock.GetUtcNow().UtcDateTime);
        await host.ExpectWrongAsync(begun.Text("challengeId"), code);
    }

    [Theory]
    [InlineData("POST", "/admin/principals")]
    [InlineData("PATCH", "/admin/principals/ID")]
    [InlineData("DELETE", "/admin/principals/ID")]
    [InlineData("PUT", "/admin/principals/ID/password")]
    [InlineData("DELETE", "/admin/principals/ID/second-factors")]
    [InlineData("POST", "/admin/principals/ID/refresh-token")]
    [InlineData("POST", "/admin/principals/ID/api-keys")]
    [InlineData("DELETE", "/admin/principals/ID/api-keys/0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204")]
    [InlineData("POST", "/admin/webhooks")]
    [InlineData("PATCH", "/admin/webhooks/0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204")]
    [InlineData("DELETE", "/admin/webhooks/0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204")]
    [InlineData("POST", "/admin/webhooks/0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204/rotate")]
    [InlineData("DELETE", "/sessions")]
    [InlineData("POST", "/sessions/SESSION/impersonate")]
    public async Task Administrators_prove_who_they_are_before_what_concerns_others(string method, string path)
    {
        var ((_, session), person) = (await host.ImpersonatorAsync(), await host.CreatePersonAsync());
        host.Clock.Advance(TooLong);
        var old = await host.RefreshAsync(session.RefreshToken);
        var address = path.Replace("ID", person.Id, StringComparison.Ordinal).Replace("SESSION", session.SessionId, StringComparison.Ordinal);

        using var response = await host.SendAsync(new HttpMethod(method), address, old, ValidBody(path, person));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("insufficient_user_authentication", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        await host.LoginAsync(person);
    }

    private static object? ValidBody(string path, Person person) => path switch
    {
        "/admin/principals" => new { id = NewName("person"), password = NewPassword() },
        "/admin/principals/ID" => new { firstNames = "Ann" },
        "/admin/principals/ID/password" => new { password = NewPassword() },
        "/admin/principals/ID/api-keys" => new { name = "a key" },
        "/admin/webhooks" => new { url = "https://hooks.invalid/" },
        "/admin/webhooks/0199b2e4-7c31-7d5a-9f0e-3b6a51c8d204" => new { enabled = false },
        "/sessions/SESSION/impersonate" => new { userUuid = person.Uuid },
        _ => null,
    };

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"password\":\"a\",\"verificationCode\":\"1\"}")]
    [InlineData("{\"password\":null}")]
    public async Task A_proof_is_one_thing(string body)
    {
        var session = await host.SignedInPersonAsync();

        var proof = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        await host.TryProveAsync(session.AccessToken, proof).ExpectAsync(HttpStatusCode.BadRequest);
    }

    private async Task<string[]> ProofsAsync(string token) =>
        [.. (await host.GetAsync(Status, token).ExpectAsync(HttpStatusCode.OK)).GetProperty("proofs").EnumerateArray().Select(proof => proof.GetString()!)];

    private Task ExpectInsufficientAsync(string token, string parameters) => ExpectInsufficientAsync(HttpMethod.Delete, SetUp, token, parameters);

    private async Task ExpectInsufficientAsync(HttpMethod method, string path, string token, string parameters)
    {
        using var response = await host.SendAsync(method, path, token);
        Assert.Equal("FRESH_SIGN_IN_REQUIRED", (await Task.FromResult(response).RefusalAsync(HttpStatusCode.Unauthorized)).Code);
        Assert.Equal($"Bearer error=\"insufficient_user_authentication\", {parameters}", response.Headers.WwwAuthenticate.ToString());
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : FreshSignInTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : FreshSignInTests(store.Host);
}

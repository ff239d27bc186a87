using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Auth.PasskeyCalls;

namespace AuthService.ApiTests.Auth;

/// <summary>People add passkeys and sign in with them.</summary>
public abstract class PasskeyTests(AuthHost host)
{
    [Theory]
    [InlineData(false, "hwk")]
    [InlineData(true, "swk")]
    public async Task A_passkey_signs_in_without_a_name_and_is_both_factors(bool synced, string method)
    {
        using var authenticator = new SoftwareAuthenticator { IsSynced = synced };
        var (person, session) = await host.PasskeyOwnerAsync(authenticator);

        var signedIn = await host.LoginAsync(authenticator);

        Assert.Equal(person.Id, Requests.ClaimsOf(signedIn.AccessToken).Text("sub"));
        Assert.Equal([method, "mfa"], MethodsOf(signedIn.AccessToken));
        Assert.Equal(["pwd", method, "mfa"], MethodsOf(await host.RefreshAsync(session.RefreshToken)));
        var passkey = Assert.Single(await host.PasskeysAsync(signedIn.AccessToken));
        Assert.Equal(synced, passkey.GetProperty("synced").GetBoolean());
        Assert.True(passkey.GetProperty("lastUsedAt").GetInt64() >= passkey.GetProperty("createdAt").GetInt64());
        var status = await host.GetAsync(SecondFactorCalls.Status, signedIn.AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal((false, 1), (status.GetProperty("connected").GetBoolean(), status.GetProperty("passkeys").GetInt32()));
        await ExpectAuditAsync(person, "passkey_added", passkey.Text("id"));
    }

    [Fact]
    public async Task The_options_ask_for_a_verified_user_and_name_the_site_of_the_settings()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (person, session) = await host.PasskeyOwnerAsync(authenticator);

        using var request = Requests.Create(HttpMethod.Post, SetUpOptions, session.AccessToken, headers: [("Host", "evil.example.com")]);
        using var answer = await host.Http.SendAsync(request);
        var made = PasskeyPrompt.Of(await answer.ExpectAsync(HttpStatusCode.OK)).Options;
        var asked = (await host.PasskeyPromptAsync()).Options;

        Assert.Equal(("localhost", "localhost"), (made.GetProperty("rp").Text("id"), made.GetProperty("rp").Text("name")));
        Assert.Equal((person.Id, person.Id), (made.GetProperty("user").Text("name"), made.GetProperty("user").Text("displayName")));
        Assert.Equal(("required", "required"), (
            made.GetProperty("authenticatorSelection").Text("residentKey"), made.GetProperty("authenticatorSelection").Text("userVerification")));
        Assert.Single(made.GetProperty("excludeCredentials").EnumerateArray());
        Assert.Equal(("localhost", "required"), (asked.Text("rpId"), asked.Text("userVerification")));
        Assert.Empty(asked.GetProperty("allowCredentials").EnumerateArray());
        var allowed = Assert.Single((await host.ProofPromptAsync(session.AccessToken)).Options.GetProperty("allowCredentials").EnumerateArray());
        Assert.Equal(["internal"], allowed.GetProperty("transports").EnumerateArray().Select(transport => transport.GetString()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_browser_gets_the_session_in_its_cookie()
    {
        using var authenticator = new SoftwareAuthenticator();
        await host.PasskeyOwnerAsync(authenticator);

        using var answer = await host.TryLoginAsync(authenticator, "web");

        var body = await answer.ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(["accessToken", "csrfToken"], body.EnumerateObject().Select(member => member.Name), StringComparer.Ordinal);
        Assert.NotNull(SignIns.RefreshCookieOf(answer));
    }

    [Fact]
    public async Task A_second_device_signs_in_and_stays_when_the_first_is_removed()
    {
        using var first = new SoftwareAuthenticator();
        using var second = new SoftwareAuthenticator { IsSynced = true };
        var (person, session) = await host.PasskeyOwnerAsync(first);
        await host.AddPasskeyAsync(session.AccessToken, second, "Phone");
        await host.LoginAsync(first);

        var passkeys = await host.PasskeysAsync((await host.LoginAsync(second)).AccessToken);
        Assert.Equal("Phone", passkeys[1].Text("name"));
        var removed = passkeys[0].Text("id");
        await host.DeleteAsync($"{Own}/{removed}", session.AccessToken).ExpectAsync(HttpStatusCode.NoContent);

        await host.TryLoginAsync(first).ExpectIncorrectAsync();
        await host.LoginAsync(second);
        await host.DeleteAsync($"{Own}/{removed}", session.AccessToken).ExpectAsync(HttpStatusCode.NotFound);
        await ExpectAuditAsync(person, "passkey_removed", removed);
    }

    [Fact]
    public async Task It_gets_another_name()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (person, session) = await host.PasskeyOwnerAsync(authenticator);
        var id = Assert.Single(await host.PasskeysAsync(session.AccessToken)).Text("id");

        await host.PatchAsync($"{Own}/{id}", session.AccessToken, new { name = " Work laptop " }).ExpectAsync(HttpStatusCode.NoContent);

        Assert.Equal("Work laptop", Assert.Single(await host.PasskeysAsync(session.AccessToken)).Text("name"));
        await ExpectAuditAsync(person, "passkey_renamed", id);
        var stranger = await host.SignedInPersonAsync();
        await host.PatchAsync($"{Own}/{id}", stranger.AccessToken, new { name = "Mine" }).ExpectAsync(HttpStatusCode.NotFound);
        await host.DeleteAsync($"{Own}/{id}", stranger.AccessToken).ExpectAsync(HttpStatusCode.NotFound);
        foreach (var name in new[] { "", "  ", new string('x', 65), "a\u0007b" })
            await host.PatchAsync($"{Own}/{id}", session.AccessToken, new { name }).ExpectAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Nobody_has_more_than_twenty()
    {
        var session = await host.SignedInPersonAsync();
        for (var i = 0; i < 20; i++)
        {
            using var one = new SoftwareAuthenticator();
            await host.AddPasskeyAsync(session.AccessToken, one);
        }

        using var tooMany = new SoftwareAuthenticator();
        var prompt = await host.NewPasskeyPromptAsync(session.AccessToken);
        var refusal = await host.TryAddPasskeyAsync(session.AccessToken, prompt, tooMany.Create(prompt.Options)).RefusalAsync(HttpStatusCode.Conflict);
        Assert.Equal("TOO_MANY_PASSKEYS", refusal.Code);
        Assert.Equal(20, (await host.PasskeysAsync(session.AccessToken)).Length);
    }

    [Fact]
    public async Task It_renews_the_proof_of_identity_in_a_session()
    {
        using var frozen = host.Clock.Freeze();
        using var authenticator = new SoftwareAuthenticator();
        var (person, session) = await host.PasskeyOwnerAsync(authenticator);
        host.Clock.Advance(TimeSpan.FromDays(2));
        var old = await host.RefreshAsync(session.RefreshToken);
        await host.PostAsync(SetUpOptions, old).ExpectAsync(HttpStatusCode.Unauthorized);
        var password = await host.TryProveAsync(old, new { password = person.Password }).RefusalAsync(HttpStatusCode.BadRequest);
        Assert.Equal("SECOND_FACTOR_NEEDED", password.Code);

        var prompt = await host.ProofPromptAsync(old);
        var proof = new { challengeId = prompt.ChallengeId, credential = authenticator.Get(prompt.Options) };
        var proved = (await host.TryProveAsync(old, proof).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

        Assert.Equal(["pwd", "hwk", "mfa"], MethodsOf(proved));
        Assert.Equal(host.Clock.GetUtcNow().ToUnixTimeSeconds(), Requests.ClaimsOf(proved).GetProperty("auth_time").GetInt64());
        await host.PostAsync(SetUpOptions, proved).ExpectAsync(HttpStatusCode.OK);
        await host.TryProveAsync(old, proof).ExpectIncorrectAsync();
    }

    [Fact]
    public async Task A_password_alone_signs_in_and_changes_nothing_that_asks_for_fresh_proof()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (person, _) = await host.PasskeyOwnerAsync(authenticator);

        var session = await host.LoginAsync(person);

        Assert.Equal(["pwd"], MethodsOf(session.AccessToken));
        var id = Assert.Single(await host.PasskeysAsync(session.AccessToken)).Text("id");
        await ExpectFactorMissingAsync(host.DeleteAsync($"{Own}/{id}", session.AccessToken));
        await ExpectFactorMissingAsync(host.PostAsync(SetUpOptions, session.AccessToken));
        await ExpectFactorMissingAsync(host.PutAsync(
            "/account/password", session.AccessToken, new { currentPassword = person.Password, newPassword = Hosting.Principals.NewPassword() }));
    }

    [Fact]
    public async Task Administrators_see_how_many_there_are_and_remove_them()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (person, session) = await host.PasskeyOwnerAsync(authenticator);
        var (admin, path) = (await host.AdminTokenAsync(), $"{Administration.PathOf(person.Id)}/second-factors");
        Assert.Equal(1, (await host.GetAsync(path, admin).ExpectAsync(HttpStatusCode.OK)).GetProperty("passkeys").GetInt32());

        await host.DeleteAsync(path, admin).ExpectAsync(HttpStatusCode.NoContent);

        await host.TryLoginAsync(authenticator).ExpectIncorrectAsync();
        await host.TryRefreshAsync(session.RefreshToken).ExpectAsync(HttpStatusCode.Unauthorized);
        Assert.Empty(await host.PasskeysAsync((await host.LoginAsync(person)).AccessToken));
    }

    private static async Task ExpectFactorMissingAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("acr_values=\"mfa\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private async Task ExpectAuditAsync(Person person, string audited, string detail)
    {
        var entry = Assert.Single(await host.AuditAsync(await host.AdminTokenAsync(), $"?principal={person.Id}&event={audited}"));
        Assert.Equal(detail, entry.Text("detail"));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(SqliteStore store) : PasskeyTests(store.Host);

    [Collection("postgres")]
    public sealed class OnPostgres(PostgresStore store) : PasskeyTests(store.Host);
}

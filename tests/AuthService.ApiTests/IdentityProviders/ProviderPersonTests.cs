using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>People without a password or second factor here are subject to the usual locks, and prove their identity with another sign-in.</summary>
public abstract class ProviderPersonTests(ProviderHosts hosts) : IAsyncLifetime
{
    private PlainProvider _provider = null!;
    private AuthHost _twin = null!;

    public async Task InitializeAsync()
    {
        _provider = hosts.Reset(new() { ["sub"] = NewName("sub"), ["preferred_username"] = NewName("fed") });
        _twin = await hosts.TwinAsync(_provider.SettingsFor("Example Corp").With(new() { ["Sessions:FreshFor"] = "00:10:00" }));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Whose_name_is_locked_does_not_sign_in()
    {
        var id = SubjectOf(await SignInAsync());
        using var frozen = _twin.Clock.Freeze();
        for (var i = 0; i < 5; i++)
            await _twin.TryLoginAsync(id, "wrong").ExpectAsync(HttpStatusCode.Unauthorized);

        await ExpectNoSessionAsync();
        var entries = await _twin.AuditAsync(await _twin.AdminTokenAsync(), $"?event=sign_in&principal={id}");
        Assert.Single(entries, entry => entry.GetProperty("detail").GetString() == "locked");
    }

    [Fact]
    public async Task Who_is_stopped_after_a_hundred_wrong_passwords_signs_in()
    {
        var id = SubjectOf(await SignInAsync());
        using var frozen = _twin.Clock.Freeze();
        for (var failed = 0; failed < 100; failed += 4)
        {
            await _twin.FailAsync(id, 4);
            _twin.Clock.Advance(TimeSpan.FromMinutes(5));
        }

        await _twin.TryLoginAsync(id, "wrong").ExpectAsync(HttpStatusCode.TooManyRequests);
        Assert.Equal(id, SubjectOf(await SignInAsync()));
    }

    [Fact]
    public async Task Their_sign_ins_are_counted()
    {
        using var metrics = _twin.RecordMetrics();
        await SignInAsync();
        _provider.Alter = payload => payload["nonce"] = "of another request";
        (await new ProviderBrowser(_twin).SignInAsync()).Dispose();

        Assert.Equal((1, 1), (metrics["sign_in.attempts{outcome=right}"], metrics["sign_in.attempts{outcome=wrong}"]));
    }

    [Fact]
    public async Task Who_owes_a_new_password_does_not_sign_in_before_it_is_set()
    {
        var id = SubjectOf(await SignInAsync());
        await _twin.PatchAsync(Administration.PathOf(id), await _twin.AdminTokenAsync(), new { passwordResetRequested = true }).ExpectAsync(HttpStatusCode.OK);

        await ExpectNoSessionAsync();
    }

    [Fact]
    public async Task Another_sign_in_is_the_only_proof_of_whoever_has_neither_password_nor_factor()
    {
        using var frozen = _twin.Clock.Freeze();
        var browser = await SignInAsync();
        _twin.Clock.Advance(TimeSpan.FromMinutes(11));
        var old = await RefreshAsync(browser);

        await ExpectNotFreshAsync(old);
        var status = await _twin.GetAsync(SecondFactorCalls.Status, old).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal("[]", status.GetProperty("proofs").GetRawText());
        foreach (var proof in new object[] { new { password = "any-password-at-all" }, new { verificationCode = "123456" } })
        {
            var refusal = await _twin.TryProveAsync(old, proof).ExpectAsync(HttpStatusCode.BadRequest);
            Assert.Equal("SIGN_IN_NEEDED", refusal.Text("errorCode"));
        }

        var fresh = (await SignInAsync()).AuthState().Text("accessToken");
        await _twin.DeleteAsync(SecondFactorCalls.SetUp, fresh).ExpectAsync(HttpStatusCode.BadRequest); // accepted as a proof, but no app is connected
    }

    /// <summary>Somebody who stole an old session can connect an app to it, but must not be able to prove their identity with this app.</summary>
    [Fact]
    public async Task An_app_that_is_newer_than_the_session_is_no_proof_in_it()
    {
        using var frozen = _twin.Clock.Freeze();
        var browser = await SignInAsync();
        _twin.Clock.Advance(TimeSpan.FromMinutes(11));
        var session = SessionOf(browser) with { AccessToken = await RefreshAsync(browser) };
        var guarded = await _twin.GuardedAsync(session, new Person(SubjectOf(browser), "", ""));

        var refusal = await _twin.TryProveAsync(await RefreshAsync(browser), new { verificationCode = _twin.NextCode(guarded) })
            .ExpectAsync(HttpStatusCode.BadRequest);

        Assert.Equal("SIGN_IN_NEEDED", refusal.Text("errorCode"));
    }

    private async Task<ProviderBrowser> SignInAsync()
    {
        var browser = new ProviderBrowser(_twin);
        (await browser.SignInAsync()).Dispose();
        return browser;
    }

    private static string SubjectOf(ProviderBrowser browser) => Requests.ClaimsOf(browser.AuthState().Text("accessToken")).Text("sub");

    private static SignedIn SessionOf(ProviderBrowser browser) =>
        new(browser.AuthState().Text("accessToken"), browser.AuthState().Text("csrfToken"), browser.Cookies["refreshToken"], "refreshToken");

    private async Task<string> RefreshAsync(ProviderBrowser browser) =>
        (await _twin.TryWebRefreshAsync(SessionOf(browser)).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    private async Task ExpectNotFreshAsync(string token)
    {
        using var answer = await _twin.DeleteAsync(SecondFactorCalls.SetUp, token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("insufficient_user_authentication", $"{answer.Headers.WwwAuthenticate}", StringComparison.Ordinal);
    }

    private async Task ExpectNoSessionAsync()
    {
        var browser = new ProviderBrowser(_twin);
        (await browser.SignInAsync()).Dispose();

        Assert.False(browser.Cookies.ContainsKey("refreshToken"));
        Assert.False(browser.Cookies.ContainsKey("authState") && browser.AuthState().TryGetProperty("accessToken", out _));
    }

    [Collection("sqlite")]
    public sealed class OnSqlite(ProviderHosts<SqliteStore> hosts) : ProviderPersonTests(hosts), IClassFixture<ProviderHosts<SqliteStore>>;

    [Collection("postgres")]
    public sealed class OnPostgres(ProviderHosts<PostgresStore> hosts) : ProviderPersonTests(hosts), IClassFixture<ProviderHosts<PostgresStore>>;
}

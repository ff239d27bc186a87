using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Browser;

/// <summary>The TypeScript package in the tabs of a real browser, with Web Locks and with the lease that takes their place.</summary>
[Collection("browser")]
public sealed class PackageTests(BrowserHost browser)
{
    private const string NoWebLocks = "Object.defineProperty(navigator, 'locks', { value: undefined })";

    private readonly List<string> _refreshes = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_tabs_whose_token_expires_at_once_refresh_once_and_both_work(bool webLocks)
    {
        var (one, two) = await OpenTwoAsync(webLocks);
        await one.SignInAsync(await browser.Host.CreatePersonAsync());
        await two.HearAsync(signedIn: true);
        var before = await one.GetAccessTokenAsync();
        await Task.WhenAll(one.LetTokenExpireAsync(), two.LetTokenExpireAsync());

        var tokens = await Task.WhenAll(one.GetAccessTokenAsync(), two.GetAccessTokenAsync());

        Assert.Single(_refreshes);
        Assert.Equal(tokens[0], tokens[1]);
        Assert.NotEqual(before, tokens[0], StringComparer.Ordinal);
        Assert.Equal((200, 200), (await one.ListSessionsAsync(browser), await two.ListSessionsAsync(browser)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Signing_out_in_one_tab_signs_out_the_other(bool webLocks)
    {
        var (one, two) = await OpenTwoAsync(webLocks);
        await one.SignInAsync(await browser.Host.CreatePersonAsync());
        await two.HearAsync(signedIn: true);

        await one.SignOutAsync();
        await two.HearAsync(signedIn: false);

        Assert.Equal(("SignedOutError", "SignedOutError"), (await one.GetAccessTokenAsync(), await two.GetAccessTokenAsync()));
        Assert.Empty(_refreshes);
    }

    [Fact]
    public async Task A_reloaded_tab_is_signed_in_still()
    {
        var (one, two) = await OpenTwoAsync(webLocks: true);
        await one.SignInAsync(await browser.Host.CreatePersonAsync());
        await two.HearAsync(signedIn: true);

        await one.ReloadAsync(browser);

        Assert.Equal(200, await one.ListSessionsAsync(browser));
        Assert.Single(_refreshes);
    }

    [Fact]
    public async Task Who_has_a_second_factor_is_signed_in_by_the_code_in_all_tabs()
    {
        var guarded = await browser.Host.GuardedAsync();
        var (one, two) = await OpenTwoAsync(webLocks: true);
        using var frozen = browser.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for

        await one.SignInAsync(guarded.Person, browser.Host.NextCode(guarded));
        await two.HearAsync(signedIn: true);

        Assert.Equal((200, 200), (await one.ListSessionsAsync(browser), await two.ListSessionsAsync(browser)));
        Assert.Empty(_refreshes);
    }

    [Fact]
    public async Task A_change_that_asks_for_a_fresh_proof_is_sent_again_when_it_was_given()
    {
        var (person, (one, _)) = (await browser.Host.CreatePersonAsync(), await OpenTwoAsync(webLocks: true));
        await one.SignInAsync(person);
        var guarded = await browser.Host.GuardedAsync(person);

        Assert.Equal(401, await one.ReplaceRecoveryCodesAsync(browser));
        using var frozen = browser.Host.Clock.Freeze();
        await one.AnswerProofWithPasswordAsync(person.Password); // the session is older than the app
        await one.AnswerProofWithAsync(browser.Host.NextCode(guarded));

        Assert.Equal(200, await one.ReplaceRecoveryCodesAsync(browser));
    }

    [Fact]
    public async Task A_passkey_is_made_signs_in_in_all_tabs_and_proves_who_it_is()
    {
        var (person, (one, two)) = (await browser.Host.CreatePersonAsync(), await OpenTwoAsync(webLocks: true));
        await one.AddAuthenticatorAsync();
        await one.SignInAsync(person);
        await one.AddPasskeyAsync("Work laptop");
        Assert.Equal(["pwd", "hwk", "mfa"], PasskeyCalls.MethodsOf(await one.GetAccessTokenAsync()));
        await one.SignOutAsync();

        Assert.Equal(person.Id, await one.SignInWithPasskeyAsync(conditional: true));
        await two.HearAsync(signedIn: true);
        Assert.Equal(["Work laptop"], await two.ListPasskeysAsync());
        await two.SignOutAsync();
        Assert.Equal(person.Id, await one.SignInWithPasskeyAsync(conditional: false));
        await one.SignOutAsync();

        await one.SignInAsync(person);
        Assert.Equal(401, await one.RemovePasskeysAsync());
        await one.AnswerProofWithPasskeyAsync();
        Assert.Equal(204, await one.RemovePasskeysAsync());
        Assert.Empty(await one.ListPasskeysAsync());
    }

    [Fact]
    public async Task A_trusted_device_skips_the_second_step_until_it_is_forgotten()
    {
        var (guarded, (one, _)) = (await browser.Host.GuardedAsync(), await OpenTwoAsync(webLocks: true));
        using var frozen = browser.Host.Clock.Freeze();
        await one.SignInAsync(guarded.Person, browser.Host.NextCode(guarded), trustDevice: true);
        await one.SignOutAsync();

        await one.SignInAsync(guarded.Person);
        Assert.Equal(["pwd", "trusted_device"], PasskeyCalls.MethodsOf(await one.GetAccessTokenAsync()));
        Assert.True(await one.ForgetTrustedDeviceAsync());
        await one.SignOutAsync();

        await one.SignInAsync(guarded.Person);
        Assert.Equal("SignedOutError", await one.GetAccessTokenAsync());
    }

    [Fact]
    public async Task A_password_is_set_by_whoever_is_not_signed_in()
    {
        var (person, (one, _)) = (await browser.Host.CreatePersonAsync(), await OpenTwoAsync(webLocks: true));
        await browser.Host.PatchAsync(Administration.PathOf(person.Id), await browser.Host.AdminTokenAsync(), new { passwordResetRequested = true })
            .ExpectAsync(HttpStatusCode.OK);
        var chosen = NewPassword();

        await one.RequestPasswordResetAsync("ada@example.com");
        Assert.Equal(
            ["NewPasswordRequestedError", "PasswordNotAllowedError", "done", "InvalidLinkError"],
            await one.ResetPasswordAsync(person, chosen), StringComparer.Ordinal);
        await one.SignInAsync(person with { Password = chosen });
        Assert.Equal(200, await one.ListSessionsAsync(browser));
    }

    [Fact]
    public async Task Its_type_of_a_session_has_the_members_that_the_service_sends()
    {
        var sessions = await browser.Host.GetAsync("/account/auth/sessions", await browser.Host.AdminTokenAsync()).ExpectAsync(HttpStatusCode.OK);

        var known = sessions[0].MemberNames().Concat(["extendedBy", "actor", "actorService"]);
        Assert.Equal(known.Order(StringComparer.Ordinal), await MembersOfAsync("src/accountSessions.ts", "UserSession"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Its_type_of_a_passkey_has_the_members_that_the_service_sends()
    {
        using var authenticator = new SoftwareAuthenticator { Origin = browser.TrustedOrigin };
        var (_, session) = await browser.Host.PasskeyOwnerAsync(authenticator);

        var passkeys = await browser.Host.PasskeysAsync(session.AccessToken);

        var known = passkeys[0].MemberNames().Order(StringComparer.Ordinal);
        Assert.Equal(known, await MembersOfAsync("src/accountPasskeys.ts", "Passkey"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Its_types_of_a_device_and_an_address_have_the_members_that_the_service_sends()
    {
        var person = await browser.Host.CreatePersonAsync();
        await browser.Host.SignInAtBrowserAsync(person);
        var token = (await browser.Host.LoginAsync(person)).AccessToken;

        var (devices, email) = (await browser.Host.DevicesAsync(token), await browser.Host.GetAsync("/account/email", token).ExpectAsync(HttpStatusCode.OK));

        Assert.Equal(devices[0].MemberNames(), await MembersOfAsync("src/accountDevices.ts", "KnownDevice"), StringComparer.Ordinal);
        Assert.Equal(email.MemberNames(), await MembersOfAsync("src/accountEmail.ts", "OwnEmail"), StringComparer.Ordinal);
    }

    private static async Task<IEnumerable<string>> MembersOfAsync(string file, string type)
    {
        const string Member = "  readonly ";
        var source = await File.ReadAllTextAsync(PackageTab.FindFile(file));
        var declared = source[source.IndexOf($"interface {type} {{", StringComparison.Ordinal)..];
        return declared[..declared.IndexOf('}', StringComparison.Ordinal)].Split('\n')
            .Where(line => line.StartsWith(Member, StringComparison.Ordinal))
            .Select(line => line[Member.Length..].Split('?', ':')[0]).Order(StringComparer.Ordinal);
    }

    private async Task<(PackageTab One, PackageTab Two)> OpenTwoAsync(bool webLocks)
    {
        var context = (await browser.OpenAsync("about:blank")).Context;
        if (!webLocks)
            await context.AddInitScriptAsync(NoWebLocks);
        context.Request += (_, request) => _refreshes.AddRange(request is { Method: "POST" } && IsRefresh(request) ? [request.Url] : []);
        return (await PackageTab.OpenAsync(context, browser), await PackageTab.OpenAsync(context, browser));
    }

    private static bool IsRefresh(IRequest request) => request.Url.EndsWith("/auth/refresh/web", StringComparison.Ordinal);
}

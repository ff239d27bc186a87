using System.Globalization;
using System.Net;
using AuthService.ApiTests.Account;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Browser;

/// <summary>People look after their sessions and their password on the account page.</summary>
[Collection("pages")]
public sealed class AccountPageTests(PagesHost pages)
{
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

    [Fact]
    public async Task It_shows_who_is_signed_in_and_where()
    {
        var person = await pages.Host.CreatePersonAsync(new() { ["firstNames"] = "Ada", ["lastName"] = "Lovelace" });
        using var frozen = pages.Host.Clock.Freeze();
        await pages.Host.LoginAsync(person.Id, person.Password, "app", ("User-Agent", Phone));

        var page = await pages.OpenAccountAsync(person);

        await page.ExpectTextAsync("#person", $"Ada Lovelace ({person.Id})");
        await Assertions.Expect(page.Locator("#devices > li")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Entry("this device")).ToContainTextAsync("Chrome on Linux");
        await Assertions.Expect(page.Entry("this device")).ToContainTextAsync("127.0.0.1");
        await Assertions.Expect(page.Entry("Safari on iPhone")).ToContainTextAsync("Last used just now");
    }

    /// <summary>Somebody else may be at the computer by then. Chromium keeps no page there while it is driven, so the event is made.</summary>
    [Fact]
    public async Task Out_of_the_browsers_memory_it_is_drawn_anew()
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync());
        var title = await page.TitleAsync();

        await page.EvaluateAsync("() => { document.title = 'left'; dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); }");

        await Assertions.Expect(page).ToHaveTitleAsync(title);
    }

    [Fact]
    public async Task A_device_that_is_signed_out_here_is_refused_there()
    {
        var person = await pages.Host.CreatePersonAsync();
        var (here, there) = (await pages.OpenAccountAsync(person), await pages.OpenAccountAsync(person));
        await here.ReloadAsync();

        await here.Locator("#devices > li").Filter(new() { HasNotText = "this device" }).GetByRole(AriaRole.Button).ClickAsync();

        await here.ExpectTextAsync("#notice", "access has ended");
        await Assertions.Expect(here.Locator("#devices > li")).ToHaveCountAsync(1);
        await there.ReloadAsync();
        await there.ExpectSignedOutAsync();
        await there.ExpectTextAsync("#why", "You signed out here from another device.");
    }

    [Fact]
    public async Task Whose_password_was_changed_hears_of_that()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountAsync(person);
        await pages.Host.SetPasswordAsync(person);

        await page.ReloadAsync();

        await page.ExpectTextAsync("#why", "Your password was changed, which signed you out everywhere.");
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_shows_so_in_every_tab()
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync());
        var tab = await page.Context.NewPageAsync();
        await tab.GotoAsync($"{pages.Service}/account");
        await tab.ExpectSignedInHereAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();

        await page.ExpectSignedOutAsync();
        await tab.ExpectSignedOutAsync();
        Assert.Null(await page.FindRefreshCookieAsync());
        await page.ReloadAsync();
        await page.ExpectSignedOutAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("User name")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task All_others_are_signed_out_when_one_agrees()
    {
        var person = await pages.Host.CreatePersonAsync();
        var other = await pages.Host.LoginAsync(person);
        var page = await pages.OpenAccountAsync(person);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out all others" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await pages.Host.RefreshAsync(other.RefreshToken);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out all others" }).ClickAsync();
        await page.AgreeAsync();

        await page.ExpectTextAsync("#notice", "All others are signed out.");
        await pages.Host.TryRefreshAsync(other.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
        await page.ReloadAsync();
        await page.ExpectSignedInHereAsync();
    }

    [Fact]
    public async Task Everything_ends_when_one_signs_out_everywhere()
    {
        var person = await pages.Host.CreatePersonAsync();
        var other = await pages.Host.LoginAsync(person);
        var page = await pages.OpenAccountAsync(person);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere" }).ClickAsync();
        await page.AgreeAsync();

        await page.ExpectSignedOutAsync();
        await pages.Host.TryRefreshAsync(other.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
        Assert.Null(await page.FindRefreshCookieAsync());
    }

    [Fact]
    public async Task A_service_that_acts_for_somebody_is_named_with_its_end_and_can_be_stopped()
    {
        var person = await pages.Host.CreatePersonAsync();
        using var frozen = pages.Host.Clock.Freeze();
        var delegated = await pages.Host.DelegateAsync((await pages.Host.LoginAsync(person)).AccessToken);
        var page = await pages.OpenAccountAsync(person);

        await Assertions.Expect(page.Locator("#delegated")).ToContainTextAsync("Acting for you");
        var end = pages.Host.Clock.GetUtcNow().AddDays(30).ToLocalTime();
        await Assertions.Expect(page.Entry("_svc")).ToContainTextAsync($"Acts for you until {end.ToString("d MMM yyyy", CultureInfo.InvariantCulture)}");
        await page.Entry("_svc").GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page.Locator("#delegated")).ToBeHiddenAsync();
        await pages.Host.TryRefreshAsync(delegated.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_administrator_in_ones_place_is_named_and_can_be_put_out()
    {
        var person = await pages.Host.CreatePersonAsync();
        var (administrator, acting) = await pages.Host.ImpersonatorAsync();
        await pages.Host.ImpersonateAsync(acting.AccessToken, acting.SessionId, person);
        var page = await pages.OpenAccountAsync(person);

        await Assertions.Expect(page.Entry(administrator.Id)).ToContainTextAsync($"The administrator {administrator.Id} is signed in as you");
        await page.Entry(administrator.Id).GetByRole(AriaRole.Button).ClickAsync();

        await Assertions.Expect(page.Locator("#impersonated")).ToBeHiddenAsync();
        await pages.Host.TryRefreshAsync(acting.RefreshToken).RefusedAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_administrator_who_acts_as_somebody_is_told_so_and_has_no_password_to_change()
    {
        var person = await pages.Host.CreatePersonAsync();
        var administrator = await pages.Host.CreatePersonAsync(new() { ["role"] = "ADMIN", ["canImpersonate"] = true });
        var page = await pages.OpenAccountAsync(administrator);
        var other = await pages.Host.LoginAsync(administrator);
        var session = (await pages.Host.MySessionIdsAsync(other.AccessToken))[^1];

        await pages.Host.ImpersonateAsync(other.AccessToken, session, person);
        await page.ReloadAsync();

        await page.ExpectTextAsync("#actor", $"{administrator.Id}, you act as {person.Id} here.");
        await Assertions.Expect(page.GetByLabel("New password")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_password_is_changed_and_then_one_signs_in_anew()
    {
        var (person, next) = (await pages.Host.CreatePersonAsync(), NewPassword());
        var page = await pages.OpenAccountAsync(person);
        await page.ShowAtOriginAsync(pages.Host);

        await ChangePasswordAsync(page, "wrong", next);
        await page.ExpectTextAsync("#password-problem", "The current password is not right.");
        await ChangePasswordAsync(page, person.Password, "password1");
        await page.ExpectTextAsync("#password-problem", "The password is too easily guessed");
        await Assertions.Expect(page.GetByLabel("New password")).ToBeFocusedAsync();
        await ChangePasswordAsync(page, person.Password, next);

        await page.ExpectSignedOutAsync();
        await page.ExpectTextAsync("#why", "Your password is changed");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.SignInOnPageAsync(person.Id, next);
        await Assertions.Expect(page).ToHaveURLAsync($"{VirtualAuthenticator.Origin}/account");
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_shown_the_way()
    {
        var page = await pages.OpenAsync("/account");

        await page.ExpectSignedOutAsync();
        await page.ExpectTextAsync("#why", "Sign in to see where you are signed in.");
    }

    [Fact]
    public async Task What_scripts_can_read_opens_nothing()
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync());

        var readable = await page.EvaluateAsync<string>("JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])");

        Assert.DoesNotContain("rt_", readable, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", readable, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/auth/refresh/web")]
    [InlineData("/auth/logout/web")]
    public async Task A_page_of_another_site_can_neither_refresh_nor_sign_out(string path)
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync());
        var stranger = await page.Context.NewPageAsync();
        await stranger.GotoAsync(pages.CrossSiteOrigin);

        Assert.Equal(0, (await stranger.FetchAsync(pages.Service + path)).Status);
        Assert.Equal(403, await stranger.SendBlindlyAsync(pages.Service + path));

        await page.ReloadAsync();
        await page.ExpectSignedInHereAsync();
    }

    private static async Task ChangePasswordAsync(IPage page, string current, string next)
    {
        await page.GetByLabel("Current password").FillAsync(current);
        await page.GetByLabel("New password").FillAsync(next);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
    }
}

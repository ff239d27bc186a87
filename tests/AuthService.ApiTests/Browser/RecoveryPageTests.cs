using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Browser;

/// <summary>From a forgotten password to a new one, and what the links in mails do when people and scanners open them.</summary>
[Collection("pages")]
public sealed class RecoveryPageTests(PagesHost pages)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_forgotten_password_is_replaced_from_the_sign_in_page(bool withSecondFactor)
    {
        var (person, address) = await pages.Host.ReachablePersonAsync();
        var guarded = withSecondFactor ? await pages.Host.GuardedAsync(person) : null;
        var page = await pages.OpenAsync("/login?service=web");

        await page.GetByRole(AriaRole.Link, new() { Name = "Forgotten your password?" }).ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("a mail with a link is on its way");
        var chosen = NewPassword();
        await page.GotoAsync(await pages.LinkAsync(address, Mailbox.Reset));
        await page.GetByLabel("New password").FillAsync(chosen);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your new password is set.");
        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        await page.SignInOnPageAsync(person.Id, chosen);
        if (guarded is not null)
            await page.AnswerOnPageAsync(pages.Host.NextCode(guarded));

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Fact]
    public async Task It_works_without_a_script_up_to_the_mail()
    {
        var (_, address) = await pages.Host.ReachablePersonAsync();
        var page = await pages.OpenAsync("/login/forgotten?service=web", new() { JavaScriptEnabled = false });

        await page.GetByLabel("E-mail address").FillAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();

        await pages.Mails.WaitForAsync(address, Mailbox.Reset);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Back to the sign-in" })).ToHaveAttributeAsync("href", "/login?service=web");
    }

    [Fact]
    public async Task A_new_address_is_confirmed_by_itself_in_the_browser_that_asked_for_it()
    {
        var (person, _) = await pages.Host.ReachablePersonAsync();
        var next = Mailbox.NewAddressOf("next");
        var page = await pages.OpenAccountAsync(person);

        await page.GetByLabel("New address").FillAsync(next);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change address" }).ClickAsync();
        await page.ExpectTextAsync("#notice", "A link is on its way");
        await page.GotoAsync(await pages.LinkAsync(next, Mailbox.Confirm));
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("The address is confirmed.");

        await page.GetByRole(AriaRole.Link, new() { Name = "Go to your account" }).ClickAsync();
        await page.ExpectTextAsync("#email-words", next);
        Assert.Empty(await page.ComplaintsAsync());
    }

    /// <summary>The addresses differ in their fragments alone.</summary>
    [Fact]
    public async Task A_newer_link_that_is_opened_in_the_same_tab_counts()
    {
        var (person, address) = await pages.Host.ReachablePersonAsync();
        await pages.Host.RequestResetAsync(address);
        var link = await pages.LinkAsync(address, Mailbox.Reset);
        var (page, chosen) = (await pages.OpenAsync("/login/new-password#token=reset_older"), NewPassword());

        await page.EvaluateAsync("hash => location.hash = hash", new Uri(link).Fragment);
        await Assertions.Expect(page.Locator("[name=token]")).ToHaveValueAsync(TokenOf(link));
        await page.GetByLabel("New password").FillAsync(chosen);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your new password is set.");
        await pages.Host.LoginAsync(person.Id, chosen);
    }

    /// <summary>The page is the answer to a form, which a browser sends again to reload it, or asks whether it should.</summary>
    [Fact]
    public async Task A_newer_link_counts_on_the_page_that_refused_a_password_and_nothing_is_sent_again()
    {
        var page = await pages.OpenAsync("/login/new-password#token=reset_older");
        await page.GetByLabel("New password").FillAsync(new string('a', 12));
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();
        await Assertions.Expect(page.Locator("#problem")).Not.ToHaveTextAsync("");
        await Assertions.Expect(page.Locator("[name=token]")).ToHaveValueAsync("reset_older");
        var sent = new List<string>();
        page.Request += (_, request) => sent.Add($"{request.Method} {request.Url}");

        await page.EvaluateAsync("() => location.hash = 'token=reset_newer'");

        await Assertions.Expect(page.Locator("[name=token]")).ToHaveValueAsync("reset_newer");
        await Assertions.Expect(page.Locator("#problem")).ToHaveTextAsync("");
        Assert.DoesNotContain("token=", page.Url, StringComparison.Ordinal);
        Assert.Empty(sent);
    }

    [Fact]
    public async Task Another_link_of_a_page_without_a_form_for_a_password_is_loaded_anew()
    {
        var page = await pages.OpenAsync("/account/not-me#token=notme_older");

        await page.EvaluateAsync("() => { document.title = 'left'; location.hash = 'token=notme_newer'; }");

        await Assertions.Expect(page).ToHaveTitleAsync("It wasn't me");
    }

    [Fact]
    public async Task A_scanner_that_opens_every_link_uses_nothing_up()
    {
        var (person, address) = await pages.Host.ReachablePersonAsync();
        var session = await pages.Host.LoginAsync(person);
        var next = Mailbox.NewAddressOf("next");
        await pages.Host.TryChangeEmailAsync(session.AccessToken, next).ExpectAsync(HttpStatusCode.Accepted);
        var (forgetful, other) = await pages.Host.ReachablePersonAsync();
        await pages.Host.RequestResetAsync(other);
        string[] links =
        [
            await pages.LinkAsync(next, Mailbox.Confirm), await pages.LinkAsync(address, Mailbox.NewAddress), await pages.LinkAsync(other, Mailbox.Reset),
        ];

        foreach (var link in links)
        {
            await pages.Host.GetAsync(new Uri(link).PathAndQuery).ExpectAsync(HttpStatusCode.OK);
            await pages.Host.SendAsync(HttpMethod.Head, new Uri(link).PathAndQuery).ExpectAsync(HttpStatusCode.OK);
            var scanner = await pages.OpenAsync("/login/forgotten");
            await scanner.GotoAsync(link);
            await scanner.WaitForLoadStateAsync(LoadState.NetworkIdle);
            Assert.Empty(await scanner.Context.CookiesAsync());
            Assert.DoesNotContain("token=", scanner.Url, StringComparison.Ordinal);
        }

        await pages.Host.RefreshAsync(session.RefreshToken);
        await pages.Host.TryUseAsync(RecoveryCalls.Confirm, TokenOf(links[0])).ExpectAsync(HttpStatusCode.NoContent);
        var password = NewPassword();
        await pages.Host.Http.TryResetAsync(TokenOf(links[2]), password).ExpectAsync(HttpStatusCode.OK);
        await pages.Host.LoginAsync(forgetful.Id, password);
        await pages.Host.TryUseAsync(RecoveryCalls.NotMe, TokenOf(links[1])).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Somebody_elses_change_is_taken_back_in_a_browser_that_was_never_signed_in()
    {
        var (person, address) = await pages.Host.ReachablePersonAsync();
        await pages.Host.GuardedAsync(person);
        var page = await pages.OpenAsync("/login");

        await page.GotoAsync(await pages.LinkAsync(address, Mailbox.NewFactor));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign me out everywhere" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("You are signed out everywhere");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Choose a new password" }).ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link" }).ClickAsync();

        await pages.Mails.WaitForAsync(address, Mailbox.Reset);
        await pages.Host.TryLoginAsync(person.Id, person.Password).ExpectAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_used_link_says_so()
    {
        var page = await pages.OpenAsync("/login");

        await page.GotoAsync($"{pages.Service}/account/not-me#token=notme_{new string('A', 43)}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign me out everywhere" }).ClickAsync();

        await page.ExpectTextAsync("#problem", "The link is unknown, was used before, or is too old");
        await page.ExpectTextAsync("#over", "If the link was used, your password is void already: choose a new one by mail.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Choose a new password" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("E-mail address")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_used_link_for_another_address_leads_to_the_account()
    {
        var page = await pages.OpenAsync("/login");

        await page.GotoAsync($"{pages.Service}/account/confirm-email#token=address_{new string('A', 43)}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm the address" }).ClickAsync();

        await page.ExpectTextAsync("#over", "the address is confirmed already");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Go to your account" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_used_link_for_a_new_password_leads_to_another_one()
    {
        var page = await pages.OpenAsync($"/login/new-password?service=web#token=reset_{new string('A', 43)}");

        await page.GetByLabel("New password").FillAsync(NewPassword());
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();

        await page.ExpectTextAsync("#problem", "The link is unknown, was used before, or is too old. Ask for another, or sign in again.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ask for another link" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync($"{pages.Service}/login/forgotten?service=web");
    }

    [Theory]
    [InlineData(429, "7", "Try again in 7 s.")]
    [InlineData(503, "300", "Try again in 5 min.")]
    public async Task A_refusal_that_passes_says_when_and_the_button_stays(int status, string seconds, string words)
    {
        var page = await pages.OpenAsync($"/account/not-me#token=notme_{new string('A', 43)}");
        await page.RouteAsync("**/account/not-me", route => route.FulfillAsync(new() { Status = status, Headers = [new("Retry-After", seconds)] }));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign me out everywhere" }).ClickAsync();

        await page.ExpectTextAsync("#problem", words);
        await Assertions.Expect(page.Locator("#over")).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign me out everywhere" })).ToBeEnabledAsync();
    }

    private static string TokenOf(string link) => link.Split("token=")[1];
}

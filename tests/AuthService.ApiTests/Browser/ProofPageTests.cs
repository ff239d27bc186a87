using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using AuthService.ApiTests.Sessions;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>The account page asks for a fresh proof, and sign-ins go on meanwhile.</summary>
[Collection("pages")]
public sealed class ProofPageTests(PagesHost pages)
{
    [Fact]
    public async Task Whoever_takes_longer_than_an_access_token_lasts_is_still_signed_in()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await OpenDialogAsync(person);

        pages.Host.Clock.Advance(TimeSpan.FromMinutes(20));
        await page.ProveWithPasswordAsync("wrong");
        await page.ExpectTextAsync("#proof-problem", "Incorrect password.");
        pages.Host.Clock.Advance(TimeSpan.FromMinutes(20));
        await page.ProveWithPasswordAsync(person.Password);

        await page.ExpectTextAsync("#notice", "A link is on its way");
        await page.ReloadAsync();
        await page.ExpectSignedInHereAsync();
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task Whose_session_has_ended_meanwhile_is_told_why()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await OpenDialogAsync(person);
        await pages.Host.SetPasswordAsync(person);

        await page.ProveWithPasswordAsync(person.Password);

        await page.ExpectSignedOutAsync();
        await page.ExpectTextAsync("#why", "Your password was changed, which signed you out everywhere.");
    }

    /// <summary>The password would be a guess at somebody else's.</summary>
    [Fact]
    public async Task The_question_goes_once_somebody_else_has_signed_in_in_another_tab()
    {
        var (ann, bob) = (await pages.Host.CreatePersonAsync(), await pages.Host.CreatePersonAsync());
        var page = await OpenDialogAsync(ann);
        var tab = await page.Context.NewPageAsync();

        await tab.GotoAsync($"{pages.Service}/login?service=web");
        await tab.SignInOnPageAsync(bob.Id, bob.Password);
        await Assertions.Expect(tab).ToHaveURLAsync(pages.Home);
        await tab.GotoAsync($"{pages.Service}/account");

        await page.ExpectTextAsync("#person", bob.Id);
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task A_passkey_that_is_refused_says_so_and_signs_nobody_out()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountWithPasskeyAsync(person);
        pages.Host.Clock.Advance(TimeSpan.FromDays(2)); // the tests' instances take a day as fresh
        await page.ReloadAsync();
        await page.SpoilPasskeysAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: " }).ClickAsync();
        await page.AgreeAsync();
        await page.ExpectTextAsync("#problem", "The passkey was not accepted.");
        await page.GetByLabel("Current password").FillAsync(person.Password);
        await page.GetByLabel("New password").FillAsync(Hosting.Principals.NewPassword());
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await page.ExpectTextAsync("#password-problem", "The passkey was not accepted.");

        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: " }).ClickAsync();
        await page.AgreeAsync();
        await page.ExpectTextAsync("#notice", "is removed.");
        Assert.Empty(await page.ComplaintsAsync());
    }

    /// <summary>A password is no proof of somebody who has a passkey.</summary>
    [Fact]
    public async Task Where_the_browser_cannot_use_the_passkey_that_is_needed_it_is_said()
    {
        var page = await pages.OpenAccountWithPasskeyAsync(await pages.Host.CreatePersonAsync());
        await page.AddInitScriptAsync("delete PublicKeyCredential.parseRequestOptionsFromJSON");
        pages.Host.Clock.Advance(TimeSpan.FromDays(2)); // the tests' instances take a day as fresh
        await page.ReloadAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: " }).ClickAsync();
        await page.AgreeAsync();

        await page.ExpectTextAsync("#problem", "This asks for your passkey, which this browser cannot use. Go on in another browser.");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task In_place_of_a_passkey_that_is_refused_the_code_may_be_given()
    {
        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        var guarded = await pages.Host.GuardedAsync();
        var page = await pages.OpenAccountWithPasskeyAsync(guarded.Person, guarded);
        pages.Host.Clock.Advance(TimeSpan.FromDays(2));
        await page.ReloadAsync();
        await page.SpoilPasskeysAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: " }).ClickAsync();
        await page.AgreeAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await page.ExpectTextAsync("#proof-problem", "The passkey was not accepted.");
        await page.ProveAsync(pages.Host.NextCode(guarded));

        await page.ExpectTextAsync("#notice", "is removed.");
        Assert.Empty(await page.ComplaintsAsync());
    }

    /// <summary>Asks for the password of somebody whose sign-in is no longer fresh.</summary>
    private async Task<IPage> OpenDialogAsync(Person person)
    {
        var page = await pages.OpenAccountAsync(person);
        pages.Host.Clock.Advance(TimeSpan.FromDays(2)); // the tests' instances take a day as fresh
        await page.ReloadAsync();
        await page.ExpectSignedInHereAsync();
        await page.GetByLabel("New address").FillAsync(Mailbox.NewAddressOf("next"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Change address" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog).GetByLabel("Your password")).ToBeVisibleAsync();
        return page;
    }
}

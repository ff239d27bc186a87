using System.Net;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Auth.SecondFactorCalls;

namespace AuthService.ApiTests.Browser;

/// <summary>People make a passkey on the account page, sign in with it, prove who they are by it, rename and remove it, in a real Chromium.</summary>
[Collection("pages")]
public sealed class PasskeyPageTests(PagesHost pages)
{
    [Fact]
    public async Task A_passkey_is_made_used_and_removed()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountWithPasskeyAsync(person);
        await page.ExpectTextAsync("#passkeys li", "never used");
        Assert.Empty(await page.ComplaintsAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).First.ClickAsync();
        await page.ExpectSignedOutAsync();

        await page.GotoAsync($"{VirtualAuthenticator.Origin}/login?service=web"); // the browser offers the passkey by itself, and the authenticator agrees

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
        await page.GotoAsync($"{VirtualAuthenticator.Origin}/account");
        await page.ExpectTextAsync("#passkeys li", "last used");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: " }).ClickAsync();
        await page.AgreeAsync();
        await page.ExpectTextAsync("#notice", "is removed.");
        var status = await pages.Host.GetAsync(Status, (await pages.Host.LoginAsync(person)).AccessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(0, status.GetProperty("passkeys").GetInt32());
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task Each_of_two_devices_has_its_own()
    {
        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        var guarded = await pages.Host.GuardedAsync();
        var laptop = await pages.OpenAccountWithPasskeyAsync(guarded.Person, guarded);
        var phone = await pages.OpenAccountWithPasskeyAsync(guarded.Person, guarded);
        await Assertions.Expect(phone.Locator("#passkeys li")).ToHaveCountAsync(2);

        foreach (var device in new[] { laptop, phone })
        {
            await device.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).First.ClickAsync();
            await device.ExpectSignedOutAsync();
            await device.GotoAsync($"{VirtualAuthenticator.Origin}/login?service=web"); // the authenticator agrees to the browser's offer
            await Assertions.Expect(device).ToHaveURLAsync(pages.Home);
        }

        var passkeys = await pages.Host.PasskeysAsync((await pages.Host.LoginAsync(guarded)).AccessToken);
        Assert.All(passkeys, passkey => Assert.NotEqual(System.Text.Json.JsonValueKind.Null, passkey.GetProperty("lastUsedAt").ValueKind));
        Assert.Equal(2, passkeys.Length);
    }

    /// <summary>Some browsers say that they offer passkeys among the names, and then do not.</summary>
    [Theory]
    [InlineData("navigator.credentials.get = async () => { window.isAsked = true; throw new DOMException('not here', 'NotSupportedError'); }")]
    [InlineData("window.fetch = async () => { window.isAsked = true; return new Response(null, { status: 429 }); }")]
    public async Task Nothing_is_said_of_an_offer_that_nobody_asked_for(string refusing)
    {
        var page = await pages.OpenAsync("/account");
        await page.AddInitScriptAsync($"PublicKeyCredential.isConditionalMediationAvailable = async () => true; {refusing}");
        await page.GotoAsync($"{pages.Service}/login?service=web");
        await page.EvaluateAsync("async () => { do await new Promise(done => setTimeout(done, 200)); while (!window.isAsked); }");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("");
        Assert.Empty(await page.ComplaintsAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).Not.ToHaveTextAsync("");
    }

    [Fact]
    public async Task A_call_too_many_says_how_long_to_wait()
    {
        var page = await pages.OpenAsync("/login?service=web");
        await page.RouteAsync("**/auth/passkeys/options", route => route.FulfillAsync(new() { Status = 429, Headers = [new("Retry-After", "7")] }));

        await page.GetByRole(AriaRole.Button, new() { Name = "passkey" }).ClickAsync();

        await page.ExpectTextAsync("[role=alert]", "Try again in 7 s.");
    }

    [Fact]
    public async Task A_change_asks_for_the_passkey_in_place()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountWithPasskeyAsync(person);
        pages.Host.Clock.Advance(TimeSpan.FromDays(2)); // the tests' instances take a day as fresh
        await page.ReloadAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: " }).ClickAsync();
        var proof = await page.RunAndWaitForResponseAsync(page.AgreeAsync, "**/auth/reauthenticate");

        Assert.True(proof.Ok);
        await page.ExpectTextAsync("#notice", "is removed.");
    }

    [Fact]
    public async Task Whoever_has_an_app_too_may_use_the_passkey_in_its_place()
    {
        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        var guarded = await pages.Host.GuardedAsync();
        var page = await pages.OpenAccountWithPasskeyAsync(guarded.Person, guarded);
        pages.Host.Clock.Advance(TimeSpan.FromDays(2));
        await page.ReloadAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: " }).ClickAsync();
        await page.AgreeAsync();
        await Assertions.Expect(page.Locator("#proof-field")).ToBeVisibleAsync();
        var usePasskey = page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" });
        var proof = await page.RunAndWaitForResponseAsync(() => usePasskey.ClickAsync(), "**/auth/reauthenticate");

        Assert.True(proof.Ok);
        await page.ExpectTextAsync("#notice", "is removed.");
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task One_of_whom_a_new_password_is_requested_chooses_it_after_the_passkey()
    {
        var (person, chosen) = (await pages.Host.CreatePersonAsync(), Hosting.Principals.NewPassword());
        var page = await pages.OpenAccountWithPasskeyAsync(person);
        await pages.Host.PatchAsync(Administration.PathOf(person.Id), await pages.Host.AdminTokenAsync(), new { passwordResetRequested = true })
            .ExpectAsync(HttpStatusCode.OK);

        await page.GotoAsync($"{VirtualAuthenticator.Origin}/login?service=web"); // the authenticator agrees to the browser's offer
        await page.GetByLabel("New password").FillAsync(chosen);
        await Assertions.Expect(page).ToHaveURLAsync($"{VirtualAuthenticator.Origin}/login/new-password?service=web&publicComputer=false");
        await Assertions.Expect(page.Locator("[name=service]")).ToHaveValueAsync("web");
        await Assertions.Expect(page.Locator("[name=publicComputer]")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home); // and to the next one
        await pages.Host.LoginAsync(person.Id, chosen);
    }

    /// <summary>The box is set before the browser offers the passkey.</summary>
    [Fact]
    public async Task What_was_said_of_the_computer_goes_on_to_the_new_password()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountWithPasskeyAsync(person);
        await pages.Host.PatchAsync(Administration.PathOf(person.Id), await pages.Host.AdminTokenAsync(), new { passwordResetRequested = true })
            .ExpectAsync(HttpStatusCode.OK);
        await page.AddInitScriptAsync(
            "addEventListener('DOMContentLoaded', () => document.querySelectorAll('[type=checkbox]').forEach(box => box.checked = true), true)");

        await page.GotoAsync($"{VirtualAuthenticator.Origin}/login?service=web"); // the authenticator agrees to the browser's offer

        await Assertions.Expect(page).ToHaveURLAsync($"{VirtualAuthenticator.Origin}/login/new-password?service=web&publicComputer=true");
        await Assertions.Expect(page.Locator("[name=publicComputer]")).ToHaveValueAsync("true");
    }

    [Fact]
    public async Task It_gets_another_name()
    {
        var page = await pages.OpenAccountWithPasskeyAsync(await pages.Host.CreatePersonAsync());

        await page.GetByRole(AriaRole.Button, new() { Name = "Rename: " }).ClickAsync();
        await page.GetByLabel("Name of the passkey").FillAsync("Nothing");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Assertions.Expect(page.Locator("#passkeys-title")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Rename: " }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Name of the passkey")).Not.ToHaveValueAsync("Nothing");
        await page.GetByLabel("Name of the passkey").FillAsync("   ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.ExpectTextAsync("#problem", "name must have 1 to 64 characters");
        await page.GetByLabel("Name of the passkey").FillAsync(" Work laptop ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await page.ExpectTextAsync("#notice", "The passkey is called \"Work laptop\" now.");
        await page.ReloadAsync();
        await page.ExpectTextAsync("#passkeys h3", "Work laptop");
        Assert.Empty(await page.ComplaintsAsync());
    }

    /// <summary>What the page shows is older than what has happened on another device.</summary>
    [Fact]
    public async Task Who_has_no_factor_any_more_is_asked_for_the_password()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (person, _) = await pages.Host.PasskeyOwnerAsync(authenticator);
        var page = await pages.OpenAccountAsync(person);
        await Assertions.Expect(page.Locator("#passkeys li")).ToHaveCountAsync(1);
        var elsewhere = (await pages.Host.LoginAsync(authenticator)).AccessToken;
        var id = Assert.Single(await pages.Host.PasskeysAsync(elsewhere)).Text("id");
        await pages.Host.DeleteAsync($"{PasskeyCalls.Own}/{id}", elsewhere).ExpectAsync(HttpStatusCode.NoContent);
        pages.Host.Clock.Advance(TimeSpan.FromDays(2)); // the tests' instances take a day as fresh

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: " }).ClickAsync();
        await page.AgreeAsync();
        await page.ProveWithPasswordAsync("wrong");
        await page.ExpectTextAsync("#proof-problem", "Incorrect password.");
        await page.ProveWithPasswordAsync(person.Password);

        await page.ExpectTextAsync("#notice", "is removed.");
        await Assertions.Expect(page.Locator("#passkeys li")).ToHaveCountAsync(0);
        Assert.Empty(await page.ComplaintsAsync());
    }
}

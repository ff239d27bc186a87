using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Browser;

/// <summary>People who signed in for a site elsewhere come to the account page when the cookie of the sign-in, which lasts a minute, is gone.</summary>
[Collection("pages")]
public sealed class AccountSignInTests(PagesHost pages)
{
    [Fact]
    public async Task After_a_password_they_are_signed_in_here()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAsync("/login?service=web");

        await page.SignInOnPageAsync(person.Id, person.Password);

        await ExpectSignedInAfterAMinuteAsync(page, pages.Service);
        await page.ExpectTextAsync("#person", person.Id);
    }

    [Fact]
    public async Task After_a_second_step_they_are_signed_in_here()
    {
        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        var guarded = await pages.Host.GuardedAsync();
        var page = await pages.OpenAsync("/login?service=web");

        await page.SignInOnPageAsync(guarded.Person.Id, guarded.Person.Password);
        await page.AnswerOnPageAsync(pages.Host.NextCode(guarded));

        await ExpectSignedInAfterAMinuteAsync(page, pages.Service);
    }

    [Fact]
    public async Task After_an_identity_provider_they_are_signed_in_here()
    {
        pages.Provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["preferred_username"] = NewName("fed") };
        var page = await pages.OpenAsync("/login?service=web");

        await IdentityPageTests.SignInWithProviderAsync(page);

        await ExpectSignedInAfterAMinuteAsync(page, pages.Service);
    }

    [Fact]
    public async Task After_a_passkey_they_are_signed_in_here()
    {
        var page = await pages.OpenAccountWithPasskeyAsync(await pages.Host.CreatePersonAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).First.ClickAsync();
        await page.ExpectSignedOutAsync();

        await page.GotoAsync($"{VirtualAuthenticator.Origin}/login?service=web"); // the authenticator agrees to the browser's offer

        await ExpectSignedInAfterAMinuteAsync(page, VirtualAuthenticator.Origin);
    }

    /// <summary>The browser lets the site store nothing.</summary>
    [Fact]
    public async Task Without_a_place_to_keep_anything_the_sign_in_still_leads_to_the_site()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAsync("/portal");
        await page.AddInitScriptAsync("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }");
        await page.GotoAsync($"{pages.Service}/login?service=web");

        await page.SignInOnPageAsync(person.Id, person.Password);

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Fact]
    public async Task Whoever_signs_in_from_the_account_page_comes_back_to_it()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAsync("/login");
        await page.ShowAtOriginAsync(pages.Host);
        await page.GotoAsync($"{VirtualAuthenticator.Origin}/login?service=web");
        await page.SignInOnPageAsync(person.Id, person.Password);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
        await page.GotoAsync($"{VirtualAuthenticator.Origin}/account");
        await page.ExpectTextAsync("#person", person.Id);
        await page.ClickAsync("#sign-out");
        await page.ExpectSignedOutAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.SignInOnPageAsync(person.Id, person.Password);

        await Assertions.Expect(page).ToHaveURLAsync($"{VirtualAuthenticator.Origin}/account");
        await page.ExpectTextAsync("#person", person.Id);
        Assert.Empty(await page.ComplaintsAsync());
    }

    /// <summary>The tests do not wait: the cookie is taken away.</summary>
    private async Task ExpectSignedInAfterAMinuteAsync(IPage page, string origin)
    {
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
        await page.Context.ClearCookiesAsync(new() { Name = "authState" });
        await page.GotoAsync($"{origin}/account");
        await page.ExpectSignedInHereAsync();
        Assert.Empty(await page.ComplaintsAsync());
    }
}

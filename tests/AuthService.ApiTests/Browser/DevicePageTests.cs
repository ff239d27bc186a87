using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>People see the browsers that they have signed in with, forget them, and have one skip the second step, in a real Chromium.</summary>
[Collection("pages")]
public sealed class DevicePageTests(PagesHost pages)
{
    [Fact]
    public async Task A_browser_is_listed_and_forgotten()
    {
        var person = await pages.Host.CreatePersonAsync();
        await pages.Host.SignInAtBrowserAsync(person);
        var page = await pages.OpenAccountAsync(person);
        var devices = page.Locator("#known li");
        await Assertions.Expect(devices).ToHaveCountAsync(2);
        await page.ExpectTextAsync("#known li:has(.badge)", "this browser");

        await devices.Filter(new() { HasNot = page.Locator(".badge") }).GetByRole(AriaRole.Button).ClickAsync();
        await page.AgreeAsync();

        await page.ExpectTextAsync("#notice", "is forgotten.");
        await Assertions.Expect(devices).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#known-title")).ToBeFocusedAsync();
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task The_second_step_is_skipped_where_that_was_asked_for()
    {
        var person = await pages.Host.CreatePersonAsync();
        var guarded = await pages.Host.GuardedAsync(person);
        var page = await pages.OpenAsync("/login?service=web");
        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.GetByLabel("Do not ask here again for 30 days").CheckAsync();
        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        await page.AnswerOnPageAsync(pages.Host.NextCode(guarded));
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);

        await page.GotoAsync($"{pages.Service}/account");
        await page.ExpectTextAsync("#known li", "No second step is asked for until");
        await page.ClickAsync("#sign-out");
        await page.ExpectSignedOutAsync();
        await page.GotoAsync($"{pages.Service}/login?service=web");
        await page.SignInOnPageAsync(person.Id, person.Password);

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
        var elsewhere = await pages.OpenAsync("/login?service=web");
        await elsewhere.SignInOnPageAsync(person.Id, person.Password);
        await elsewhere.ExpectTextAsync("h1", "Second step");
    }

    /// <summary>Without script, as everything on that page.</summary>
    [Fact]
    public async Task A_public_computer_is_not_offered_to_skip_it_after_a_wrong_code_either()
    {
        var guarded = await pages.Host.GuardedAsync();
        var page = await pages.OpenAsync("/login?service=web", new() { JavaScriptEnabled = false });
        await page.GetByLabel("This is a public computer").CheckAsync();
        await page.SignInOnPageAsync(guarded.Person.Id, guarded.Person.Password);

        await page.AnswerOnPageAsync("000000");

        await page.ExpectTextAsync("[role=alert]", "The code is not right");
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(0);
        using var frozen = pages.Host.Clock.Freeze();
        await page.AnswerOnPageAsync(pages.Host.NextCode(guarded));
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Sessions;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Browser;

/// <summary>People sign in with an account elsewhere, add and remove one, and read what went wrong, in a real Chromium.</summary>
[Collection("pages")]
public sealed class IdentityPageTests(PagesHost pages)
{
    [Fact]
    public async Task An_account_elsewhere_is_added_signs_in_and_is_removed()
    {
        var person = await pages.Host.CreatePersonAsync();
        pages.Provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["name"] = "Ada there" };
        var page = await pages.OpenAccountAsync(person);
        await page.GetByRole(AriaRole.Button, new() { Name = $"Add {PagesHost.ProviderTitle}" }).ClickAsync();
        await page.ExpectTextAsync("#notice", "The account is added.");
        await page.ExpectTextAsync("#identities li", "Ada there");
        await Assertions.Expect(page.Locator("#identities-title")).ToBeFocusedAsync();

        await page.ClickAsync("#sign-out");
        await page.ExpectSignedOutAsync();
        await page.GotoAsync($"{pages.Service}/login?service=web");
        await SignInWithProviderAsync(page);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);

        await page.GotoAsync($"{pages.Service}/account");
        await RemoveAsync(page);
        await page.ExpectTextAsync("#notice", $"The account at {PagesHost.ProviderTitle} is removed.");
        await Assertions.Expect(page.Locator("#identities li")).ToHaveCountAsync(0);
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task The_only_way_to_sign_in_stays_and_an_old_session_asks_for_another_sign_in()
    {
        pages.Provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["preferred_username"] = NewName("fed") };
        var page = await pages.OpenAsync("/login?service=web");
        await SignInWithProviderAsync(page);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
        await page.GotoAsync($"{pages.Service}/account");
        await RemoveAsync(page);
        await page.ExpectTextAsync("#problem", "There would be nothing left to sign in with");

        pages.Host.Clock.Advance(TimeSpan.FromDays(2)); // the tests' instances take a day as fresh
        await page.ReloadAsync();
        await RemoveAsync(page);
        await page.ExpectTextAsync("#problem", "Sign out and sign in again to go on");
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_a_public_computer_the_sign_in_is_a_short_one(bool isPublic)
    {
        pages.Provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["preferred_username"] = NewName("fed") };
        var page = await pages.OpenAsync("/login?service=web");
        await page.GetByLabel("This is a public computer").CheckAsync();
        await page.GetByLabel("This is a public computer").SetCheckedAsync(isPublic);

        await SignInWithProviderAsync(page);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);

        var cookies = (await page.Context.CookiesAsync()).ToDictionary(cookie => cookie.Name, StringComparer.Ordinal);
        Assert.Equal(isPublic, cookies["refreshToken"].Expires is -1);
        Assert.Equal(isPublic, !cookies.ContainsKey("device"));
        var token = JsonElement.Parse(Uri.UnescapeDataString(cookies["authState"].Value)).Text("accessToken");
        var session = await pages.Host.GetSessionAsync(await pages.Host.AdminTokenAsync(), Requests.ClaimsOf(token).Text("sid"));
        var created = session.GetProperty("created").GetDateTimeOffset();
        var idle = isPublic ? TimeSpan.FromMinutes(30) : TimeSpan.FromDays(14);
        Assert.Equal(idle, session.GetProperty("suspend").GetDateTimeOffset() - created);
    }

    /// <summary>Of the two who have this address here and there nobody has shown that it is one person.</summary>
    [Fact]
    public async Task A_sign_in_that_goes_wrong_says_what_to_do()
    {
        var address = $"{NewName("ada")}@example.com";
        await pages.Host.CreatePersonAsync(new() { ["email"] = address });
        pages.Provider.Claims = new JsonObject { ["sub"] = NewName("sub"), ["email"] = address, ["email_verified"] = true };
        var page = await pages.OpenAsync("/login?service=web");
        await SignInWithProviderAsync(page);
        await page.ExpectTextAsync("#problem", "Somebody here has the e-mail address");

        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the sign-in" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("User name")).ToBeVisibleAsync();
    }

    internal static Task SignInWithProviderAsync(IPage page) =>
        page.GetByRole(AriaRole.Link, new() { Name = $"Sign in with {PagesHost.ProviderTitle}" }).ClickAsync();

    private static async Task RemoveAsync(IPage page)
    {
        await page.Locator("#identities li").GetByRole(AriaRole.Button).ClickAsync();
        await page.AgreeAsync();
    }
}

using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>What the account page says of the password, to those who have one and to those who have none.</summary>
[Collection("pages")]
public sealed class OwnPasswordPageTests(PagesHost pages)
{
    [Theory]
    [InlineData("USER", "8")]
    [InlineData("ADMIN", "15")]
    public async Task The_rule_is_that_of_the_role(string role, string length)
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync(new() { ["role"] = role }));

        await page.ExpectTextAsync("#rule", $"At least {length} characters.");
        await Assertions.Expect(page.GetByLabel("New password")).ToHaveAttributeAsync("minlength", length);
        await Assertions.Expect(page.Locator("#no-password")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Who_has_none_is_mailed_a_link_to_choose_one()
    {
        var (person, address) = await pages.Host.ReachablePersonAsync();
        var page = await OpenWithoutPasswordAsync(person);

        await Assertions.Expect(page.Locator("#no-password-words")).ToHaveTextAsync("You have no password.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mail me a link to choose one" }).ClickAsync();

        await page.ExpectTextAsync("#notice", $"A link is on its way to {address}.");
        await pages.Mails.WaitForAsync(address, Mailbox.Reset);
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task Who_has_none_and_no_address_is_sent_to_an_administrator()
    {
        var page = await OpenWithoutPasswordAsync(await pages.Host.CreatePersonAsync());

        await page.ExpectTextAsync("#no-password-words", "Ask an administrator");
        await Assertions.Expect(page.Locator("#mail-password")).ToBeHiddenAsync();
    }

    private async Task<IPage> OpenWithoutPasswordAsync(Person person)
    {
        var page = await pages.OpenAccountAsync(person);
        await pages.Host.Database.ExecuteAsync($"UPDATE principals SET password_hash = NULL WHERE id = '{person.Id}'");
        await page.ReloadAsync();
        await page.ExpectSignedInHereAsync();
        await Assertions.Expect(page.GetByLabel("Current password")).ToBeHiddenAsync();
        return page;
    }
}

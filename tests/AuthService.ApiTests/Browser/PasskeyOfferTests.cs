using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>The sign-in page goes on offering passkeys among the names, in a browser that counts its offers and declines what the button asks.</summary>
[Collection("pages")]
public sealed class PasskeyOfferTests(PagesHost pages)
{
    private const string Counting =
        """
        window.offers = 0;
        Object.defineProperty(document, 'hidden', { get: () => window.isAway ?? false });
        PublicKeyCredential.isConditionalMediationAvailable = async () => true;
        navigator.credentials.get = ({ mediation, signal }) => new Promise((_, reject) => {
          if (mediation !== 'conditional')
            return reject(new DOMException('no', window.answer ?? 'NotAllowedError'));
          if (signal.aborted)
            return reject(signal.reason);
          window.offers++;
          window.choose = () => reject(new DOMException('broken', 'UnknownError'));
          signal.addEventListener('abort', () => reject(signal.reason));
        });
        """;

    [Fact]
    public async Task Before_the_service_takes_the_answer_no_more_it_offers_again()
    {
        var page = await OpenAsync();

        await page.Clock.RunForAsync(9 * 60_000);
        await ExpectOffersAsync(page, 2);
        await page.Clock.RunForAsync(9 * 60_000);

        await ExpectOffersAsync(page, 3);
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task While_the_page_is_not_seen_it_waits()
    {
        var page = await OpenAsync();

        await page.EvaluateAsync("() => window.isAway = true");
        await page.Clock.RunForAsync(20 * 60_000);
        await ExpectOffersAsync(page, 1);
        await page.EvaluateAsync("() => { window.isAway = false; document.dispatchEvent(new Event('visibilitychange')); }");

        await ExpectOffersAsync(page, 2);
    }

    [Theory]
    [InlineData("NotAllowedError", "")]
    [InlineData("UnknownError", "no")]
    public async Task After_what_the_button_asked_was_declined_or_went_wrong_it_offers_again(string answer, string said)
    {
        var page = await OpenAsync();
        await page.EvaluateAsync("answer => window.answer = answer", answer);

        await page.GetByRole(AriaRole.Button, new() { Name = "passkey" }).ClickAsync();

        await ExpectOffersAsync(page, 2);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(said);
    }

    [Fact]
    public async Task An_offer_that_the_browser_ends_is_not_made_again()
    {
        var page = await OpenAsync();

        await page.EvaluateAsync("() => window.choose()");
        await page.Clock.RunForAsync(20 * 60_000);

        await ExpectOffersAsync(page, 1);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("");
    }

    private async Task<IPage> OpenAsync()
    {
        var page = await pages.OpenAsync("/portal");
        await page.AddInitScriptAsync(Counting);
        await page.Clock.InstallAsync();
        await page.GotoAsync($"{pages.Service}/login?service=web");
        await ExpectOffersAsync(page, 1);
        return page;
    }

    /// <summary>An offer more than these would follow after a call of the service.</summary>
    private static async Task ExpectOffersAsync(IPage page, int count)
    {
        for (var wait = 0; wait < 600 && await page.EvaluateAsync<int>("window.offers") < count; wait++)
            await Task.Delay(50); // the clock of the page stands still
        await page.EvaluateAsync("async () => { await (await fetch('/health/live')).text(); await (await fetch('/health/live')).text(); }");
        Assert.Equal(count, await page.EvaluateAsync<int>("window.offers"));
    }
}

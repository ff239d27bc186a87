using AuthService.ApiTests.Hosting;
using AuthService.Mail;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Mail;

/// <summary>Every mail is readable in a browser, on a phone, in light and dark mode.</summary>
public sealed class MailLookTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(ColorScheme.Light, "en")]
    [InlineData(ColorScheme.Light, "da")]
    [InlineData(ColorScheme.Dark, "en")]
    [InlineData(ColorScheme.Dark, "da")]
    public async Task Every_mail_is_readable_and_loads_nothing(ColorScheme scheme, string locale)
    {
        var templates = MailTemplateSet.Load(folder: null, out _);
        var page = await chromium.NewPageAsync(new() { ColorScheme = scheme, ViewportSize = new() { Width = 360, Height = 640 }, DeviceScaleFactor = 2 });
        var requests = new List<string>();
        page.Request += (_, request) => requests.Add(request.Url);

        foreach (var kind in MailKind.All)
        {
            var draft = MailDrafts.Of(kind, "ada@example.com");
            var fields = draft.Fields.ToDictionary(field => field.Key, field => field.Value!, StringComparer.Ordinal);
            (fields[MailField.Name], fields[MailField.Site]) = ("Ada", "auth.example.com");
            await page.SetContentAsync(templates.Find(kind, locale).Render(fields, draft.People).Html);
            await ExpectFineAsync(page, $"{kind.Name}-{locale}-{scheme}");
        }

        Assert.Empty(requests);
    }

    private static async Task ExpectFineAsync(IPage page, string name)
    {
        await TestResults.PictureAsync(page, "mails", name);
        var result = await page.RunAxe();
        Assert.True(result.Violations.Length is 0, $"{name}: {string.Join('\n', result.Violations.Select(violation => $"{violation.Id}: {violation.Help}"))}");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than the screen");
    }
}

using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

[Collection("browser")]
public sealed class SwaggerUiTests(BrowserHost browser)
{
    [Fact]
    public async Task It_loads_without_a_complaint_and_shows_every_document()
    {
        var (page, complaints) = await OpenAsync();
        var documents = await page.Locator("#select option").AllAsync();

        Assert.True(documents.Count >= 3, $"{documents.Count} documents");
        foreach (var document in documents)
        {
            await page.SelectOptionAsync("#select", (await document.GetAttributeAsync("value"))!);
            await Expect(page.Locator(".opblock").First).ToBeVisibleAsync();
            await page.Locator(".opblock-summary-control").First.ClickAsync();
            await Expect(page.Locator(".responses-wrapper").First).ToBeVisibleAsync();
        }

        Assert.True(complaints.Count is 0, string.Join("\n", complaints));
    }

    [Fact]
    public async Task With_a_token_a_call_can_be_tried_out()
    {
        var token = await browser.Host.AdminTokenAsync();
        var (page, complaints) = await OpenAsync();

        await page.ClickAsync("button.authorize");
        await page.FillAsync(".auth-container input", token);
        await page.ClickAsync(".auth-container button.authorize");
        await page.ClickAsync(".auth-container button.btn-done");
        var operation = page.Locator(".opblock-get", new() { HasText = "/auth/sessions" });
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator("button.try-out__btn").ClickAsync();
        await operation.Locator("button.execute").ClickAsync();
        var answer = operation.Locator(".live-responses-table .response").First;

        await Expect(answer.Locator(".response-col_status")).ToContainTextAsync("200");
        await Expect(answer.Locator(".response-col_description")).ToContainTextAsync("itemsInTotal");
        Assert.True(complaints.Count is 0, string.Join("\n", complaints));
    }

    [Fact]
    public async Task Its_policy_allows_no_inline_code_and_nothing_from_elsewhere()
    {
        using var response = await browser.Host.Http.GetAsync("/swagger/index.html");

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();

        Assert.StartsWith("default-src 'none'; script-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    /// <summary>The page, and everything that the browser complains about from now on: the console, scripts, refused loads, the CSP.</summary>
    private async Task<(IPage Page, List<string> Complaints)> OpenAsync()
    {
        var page = await browser.OpenAsync("about:blank");
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        page.RequestFailed += (_, request) => complaints.Add($"{request.Url}: {request.Failure}");
        page.Response += (_, response) => complaints.AddRange(response.Status >= 400 ? [$"{response.Url}: {response.Status}"] : []);
        await page.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error('CSP', e.effectiveDirective, e.blockedURI, e.sample))");
        await page.GotoAsync($"{browser.Service}/swagger");
        await Expect(page.Locator(".opblock").First).ToBeVisibleAsync();
        return (page, complaints);
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}

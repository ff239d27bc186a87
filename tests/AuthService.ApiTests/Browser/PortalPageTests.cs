using System.Net;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>Where a magic link leads when nobody has a portal of their own.</summary>
[Collection("pages")]
public sealed class PortalPageTests(PagesHost pages)
{
    [Fact]
    public async Task A_link_shows_its_application_and_leaves_no_token_in_the_address()
    {
        var (link, _, application) = await NewLinkAsync();

        var page = await pages.OpenAsync($"/portal{link.Url.Fragment}");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("An application");
        await page.ExpectTextAsync("#uid", application.Uid);
        await page.ExpectTextAsync("#end", $"{pages.Host.Clock.GetUtcNow().AddHours(1).ToLocalTime():yyyy}");
        await Assertions.Expect(page.Locator("#flags li")).ToHaveTextAsync(["invoices", "exports"]);
        Assert.Equal($"{pages.Service}/portal", page.Url);
        Assert.Equal(1, await page.EvaluateAsync<int>("history.length - 1")); // about:blank, and this page once
        var readable = await page.EvaluateAsync<string>("JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])");
        Assert.DoesNotContain("appsk_", readable, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logging_out_ends_the_token()
    {
        var (link, _, application) = await NewLinkAsync();
        var page = await pages.OpenAsync($"/portal{link.Url.Fragment}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading)).ToHaveTextAsync("You are logged out");
        await pages.Host.ExpectRefusedAsync(link.Token, application);
    }

    [Fact]
    public async Task A_link_that_has_ended_says_so()
    {
        var (link, service, application) = await NewLinkAsync();
        await pages.Host.PostAsync(AppTokenCalls.ExpireAllOf(application.Id), service).ExpectAsync(HttpStatusCode.NoContent);

        var page = await pages.OpenAsync($"/portal{link.Url.Fragment}");

        await page.ExpectTextAsync("#message", "This link has ended.");
        Assert.Equal($"{pages.Service}/portal", page.Url);
    }

    [Fact]
    public async Task Another_link_in_the_same_tab_is_taken_as_well()
    {
        var (link, _, application) = await NewLinkAsync();
        var page = await pages.OpenAsync("/portal");
        await page.ExpectTextAsync("#message", "Open the link that you were given.");

        await page.GotoAsync($"{pages.Service}/portal{link.Url.Fragment}");

        await page.ExpectTextAsync("#uid", application.Uid);
        Assert.Equal($"{pages.Service}/portal", page.Url);
    }

    private async Task<(Portal Link, string Service, Application Application)> NewLinkAsync()
    {
        var service = await pages.Host.NewServiceTokenAsync();
        var application = await pages.Host.CreateApplicationAsync(service);
        var link = await pages.Host.PostAsync(
            AppTokenCalls.PortalOf(application.Id), service, new { expiry = 3600, featureFlags = new[] { "invoices", "exports" } }).PortalAsync();
        return (link, service, application);
    }
}

using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>What the script of a page learns from a call. Status 0: the browser kept the answer from it.</summary>
public sealed record Fetched(int Status, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);
}

/// <summary>Calls that scripts make from the page that is open, with the cookies of its browser.</summary>
public static class Fetches
{
    private const string Fetch =
        """
        async call => {
          try {
            const body = call.form && new URLSearchParams(call.form);
            const response = await fetch(call.url, { method: 'POST', credentials: 'include', mode: call.mode, headers: call.headers, body });
            return { status: response.status, body: await response.text() };
          } catch (error) {
            return { status: 0, body: String(error) };
          }
        }
        """;

    public static async Task<Fetched> FetchAsync(this IPage page, string url, object? headers = null, object? form = null, string mode = "cors")
    {
        var answer = await page.EvaluateAsync<JsonElement>(Fetch, new { url, mode, headers = headers ?? new { Accept = "application/json" }, form });
        return new Fetched(answer.GetProperty("status").GetInt32(), answer.Text("body"));
    }

    public static Task<Fetched> LoginAsync(this IPage page, BrowserHost browser, Person person, bool publicComputer = false) =>
        page.FetchAsync($"{browser.Service}/auth/login", form: FormOf(person, publicComputer));

    public static Task<Fetched> WebRefreshAsync(this IPage page, BrowserHost browser, string csrfToken) =>
        page.FetchAsync($"{browser.Service}/auth/refresh/web", new Dictionary<string, string>(StringComparer.Ordinal) { ["X-CSRFToken"] = csrfToken });

    public static Task<Fetched> WebLogoutAsync(this IPage page, BrowserHost browser, string csrfToken) =>
        page.FetchAsync($"{browser.Service}/auth/logout/web", new Dictionary<string, string>(StringComparer.Ordinal) { ["X-CSRFToken"] = csrfToken });

    /// <summary>A call as any page may make one without being asked first: no special header, and an answer that it cannot read.</summary>
    /// <returns>The status that went over the wire: the browser keeps the whole answer from the page, and from Playwright.</returns>
    public static async Task<int> SendBlindlyAsync(this IPage page, string url, object? form = null)
    {
        var log = await NetworkLog.WatchAsync(page);
        Assert.Equal(0, (await page.FetchAsync(url, new { }, form, mode: "no-cors")).Status);
        return await log.StatusOfAsync(url);
    }

    /// <summary>The refresh cookie in the browser's jar; null when there is none.</summary>
    public static async Task<BrowserContextCookiesResult?> FindRefreshCookieAsync(this IPage page) =>
        (await page.Context.CookiesAsync()).SingleOrDefault(cookie => cookie.Name == "refreshToken");

    /// <summary>Everything that the script of the page can read of cookies.</summary>
    public static Task<string> ReadCookiesAsync(this IPage page) => page.EvaluateAsync<string>("document.cookie");

    public static IReadOnlyDictionary<string, string> FormOf(Person person, bool publicComputer = false) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["username"] = person.Id,
            ["password"] = person.Password,
            ["service"] = "web",
            ["publicComputer"] = publicComputer ? "true" : "false",
        };
}

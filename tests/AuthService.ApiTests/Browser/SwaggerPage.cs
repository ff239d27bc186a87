using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>Swagger UI in a Chromium, at an address that is a trusted origin: <c>class … : IClassFixture&lt;SwaggerPage&gt;</c>.</summary>
public sealed class SwaggerPage : IAsyncLifetime
{
    private readonly Chromium _chromium = new();
    private AuthHost? _host;

    public AuthHost Host => _host!;

    public async Task InitializeAsync()
    {
        _host = await StartHostAsync();
        await _chromium.InitializeAsync();
    }

    public static Task<AuthHost> StartHostAsync(Settings? settings = null) =>
        AuthHost.StartAsync(Store.Sqlite, new Settings { ["Origins:Trusted:3"] = "localhost" }.With(settings));

    /// <summary>The page, and everything that the browser complains about from now on: the console, scripts, refused loads, the CSP.</summary>
    public async Task<(IPage Page, List<string> Complaints)> OpenAsync(AuthHost? host = null)
    {
        var page = await _chromium.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        await page.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error('CSP', e.effectiveDirective, e.blockedURI, e.sample))");
        await page.GotoAsync($"http://localhost:{(host ?? Host).Address.Port}/swagger");
        await Assertions.Expect(page.Locator("#sign-in")).ToBeVisibleAsync();
        return (page, complaints);
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        if (_host is not null)
            await _host.DisposeAsync();
    }
}

/// <summary>What people do on the page.</summary>
public static class SwaggerSteps
{
    public static async Task SignInAsync(this IPage page, string name, string password)
    {
        await page.FillAsync("#sign-in [name=username]", name);
        await page.FillAsync("#sign-in [name=password]", password);
        await page.ClickAsync("#sign-in [name=signIn]");
    }

    public static async Task SignInAsAdministratorAsync(this IPage page)
    {
        await page.SignInAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        await page.ExpectSignedInAsync();
    }

    public static Task ExpectSignedInAsync(this IPage page) =>
        Assertions.Expect(page.Locator("#sign-in [name=signedIn]")).ToHaveTextAsync("Signed in as admin (ADMIN)");

    /// <summary>In the dialog that asks for a password or a code.</summary>
    public static async Task AnswerQuestionAsync(this IPage page, string answer)
    {
        await page.FillAsync("#question-answer", answer);
        await page.Locator("#question").GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }

    public static Task ExpectQuestionRefusedAsync(this IPage page, string part) => Assertions.Expect(page.Locator("#question output")).ToContainTextAsync(part);

    public static Task ExpectMessageAsync(this IPage page, string part) => Assertions.Expect(page.Locator("#sign-in [name=message]")).ToContainTextAsync(part);

    /// <summary>The page makes whole addresses of those that it is given.</summary>
    public static Task ChooseDocumentAsync(this IPage page, string document) =>
        page.SelectOptionAsync("#select", $"{new Uri(new Uri(page.Url), $"{document}/swagger.json")}");

    /// <summary>Opens an operation, fills it in and sends it.</summary>
    /// <returns>What the page then shows of the answer.</returns>
    public static async Task<ILocator> TryOutAsync(
        this IPage page, string method, string path, string? body = null, params (string Parameter, string Value)[] parameters)
    {
        var operation = page.Locator($".opblock-{method}").Filter(new() { Has = page.Locator($".opblock-summary-path[data-path='{path}']") });
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator("button.try-out__btn").ClickAsync();
        foreach (var (parameter, value) in parameters)
            await operation.Locator($"tr[data-param-name='{parameter}'] input").FillAsync(value);
        if (body is not null)
            await operation.Locator("textarea.body-param__text").FillAsync(body);
        await operation.Locator("button.execute").ClickAsync();
        return operation.Locator(".live-responses-table .response").First;
    }

    public static Task ExpectStatusAsync(this ILocator answer, int status) =>
        Assertions.Expect(answer.Locator(".response-col_status")).ToContainTextAsync($"{status}");
}

using System.Net;
using System.Text.RegularExpressions;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using OtpNet;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>People connect an authenticator app on the account page, sign in with it on the sign-in page, and prove who they are in place.</summary>
[Collection("pages")]
public sealed partial class SecondFactorPageTests(PagesHost pages)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_app_is_connected_and_asked_for_at_the_next_sign_in(bool script)
    {
        var person = await pages.Host.CreatePersonAsync();
        var account = await pages.OpenAccountAsync(person);
        await account.BeginSetUpAsync();
        var guarded = await account.ConnectAsync(pages.Host, person);
        await account.ExpectTextAsync("#notice", "Your authenticator app is connected.");
        Assert.Empty(await account.ComplaintsAsync());

        var page = await pages.OpenAsync("/login?service=web", new() { JavaScriptEnabled = script });
        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.AnswerOnPageAsync("000000");
        await page.ExpectTextAsync("[role=alert]", "The code is not right or was used before, or the sign-in took too long.");
        Assert.Null(await page.FindRefreshCookieAsync());
        await page.AnswerOnPageAsync(pages.Host.NextCode(guarded));

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
        Assert.NotNull(await page.FindRefreshCookieAsync());
    }

    [Fact]
    public async Task Ten_recovery_codes_are_shown_once_and_can_be_kept()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountAsync(person);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.BeginSetUpAsync();
        await page.ConnectAsync(pages.Host, person);
        var codes = await page.Locator("#code-list li").AllTextContentsAsync();
        Assert.Equal(10, codes.Distinct(StringComparer.Ordinal).Count(code => RecoveryCode().IsMatch(code)));

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await page.ExpectTextAsync("#notice", "The recovery codes are copied.");
        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal(("recovery-codes.txt", copied), (download.SuggestedFilename, await File.ReadAllTextAsync(await download.PathAsync())));
        Assert.All(codes, code => Assert.Contains(code, copied, StringComparison.Ordinal));

        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept them" }).ClickAsync();
        await page.ExpectTextAsync("#factor-words", "10 recovery codes are left.");
        Assert.DoesNotContain(codes[0], await page.ContentAsync(), StringComparison.Ordinal);
        await page.GotoAsync($"{pages.Service}/login?service=web");
        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.AnswerOnPageAsync(codes[0]);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Fact]
    public async Task A_set_up_that_takes_no_code_any_more_says_how_to_go_on()
    {
        var page = await pages.OpenAccountAsync(await pages.Host.CreatePersonAsync());
        await page.BeginSetUpAsync();
        await page.GetByLabel("Code of the app").FillAsync("000000");
        await page.PressConnectAsync();
        await page.ExpectTextAsync("#set-up-problem", "Incorrect code. If it stays so, cancel and begin again.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await Assertions.Expect(page.Locator("#factor-title")).ToBeFocusedAsync();
        await page.BeginSetUpAsync();
    }

    [Fact]
    public async Task On_paper_there_are_the_recovery_codes_alone()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountAsync(person);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Contains("Where you are signed in", await page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        await page.BeginSetUpAsync();
        await page.ConnectAsync(pages.Host, person);
        var codes = await page.Locator("#code-list li").AllTextContentsAsync();

        await page.EmulateMediaAsync(new() { Media = Media.Print });

        var lines = (await page.Locator("body").InnerTextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("Your recovery codes", lines[0]);
        Assert.StartsWith("Without your authenticator app each of them is good for one sign-in.", lines[1], StringComparison.Ordinal);
        Assert.Equal(codes, lines[2..]);
    }

    [Fact]
    public async Task A_change_asks_in_place_for_the_proof_that_is_missing_and_is_then_made()
    {
        var (page, guarded) = await OpenAccountWithoutFactorAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the app" }).ClickAsync();
        await page.AgreeAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.ExpectTextAsync("#factor-words", "On:");
        Assert.True(await IsConnectedAsync(guarded));

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the app" }).ClickAsync();
        await page.AgreeAsync();
        await page.ProveWithPasswordAsync(guarded.Person.Password); // the session is older than the app
        await page.ProveAsync("000000");
        await page.ExpectTextAsync("#proof-problem", "Incorrect code.");
        using var frozen = pages.Host.Clock.Freeze();
        await page.ProveAsync(pages.Host.NextCode(guarded));

        await page.ExpectTextAsync("#notice", "Your authenticator app is removed.");
        await page.ExpectTextAsync("#factor-words", "Off:");
        Assert.False(await IsConnectedAsync(guarded));
        Assert.Empty(await page.ComplaintsAsync());
    }

    [Fact]
    public async Task A_new_password_asks_for_the_code_as_well()
    {
        var ((page, guarded), next) = (await OpenAccountWithoutFactorAsync(), Hosting.Principals.NewPassword());
        using var frozen = pages.Host.Clock.Freeze();

        await page.GetByLabel("Current password").FillAsync(guarded.Person.Password);
        await page.GetByLabel("New password").FillAsync(next);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await page.ProveWithPasswordAsync(guarded.Person.Password);
        await page.ProveAsync(pages.Host.NextCode(guarded));

        await page.ExpectTextAsync("#why", "Your password is changed");
    }

    /// <summary>The session of the page was begun with the password alone, before an app was connected elsewhere.</summary>
    private async Task<(IPage Page, Guarded Guarded)> OpenAccountWithoutFactorAsync()
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await pages.OpenAccountAsync(person);
        var guarded = await pages.Host.GuardedAsync(person);
        await page.ReloadAsync();
        await page.ExpectTextAsync("#factor-words", "On:");
        return (page, guarded);
    }

    private async Task<bool> IsConnectedAsync(Guarded guarded)
    {
        var token = await pages.Host.RefreshAsync(guarded.Session.RefreshToken);
        return (await pages.Host.GetAsync(SecondFactorCalls.Status, token).ExpectAsync(HttpStatusCode.OK)).GetProperty("connected").GetBoolean();
    }

    [GeneratedRegex("^[a-z2-7]{4}(-[a-z2-7]{4}){3}$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex RecoveryCode();
}

/// <summary>What people do with a second factor on the pages.</summary>
public static class SecondFactorSteps
{
    public static async Task BeginSetUpAsync(this IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect an authenticator app" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Code of the app")).ToBeFocusedAsync();
    }

    public static Task PressConnectAsync(this IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();

    /// <summary>Types the secret into an app, and the app's code into the page.</summary>
    public static async Task<Guarded> ConnectAsync(this IPage page, AuthHost host, Person person)
    {
        var secret = (await page.Locator("#secret").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal);
        var guarded = new Guarded(person, Base32Encoding.ToBytes(secret), new SignedIn("", "", "", CookieName: null));
        using var frozen = host.Clock.Freeze();
        await page.GetByLabel("Code of the app").FillAsync(guarded.CodeAt(host.Clock.GetUtcNow()));
        await page.PressConnectAsync();
        await Assertions.Expect(page.Locator("#code-list li")).ToHaveCountAsync(10);
        return guarded;
    }

    /// <summary>In the dialog that asks for a fresh proof.</summary>
    public static Task ProveAsync(this IPage page, string code) => page.AnswerDialogAsync("Code", code);

    public static Task ProveWithPasswordAsync(this IPage page, string password) => page.AnswerDialogAsync("Your password", password);

    /// <summary>The second step of the sign-in page.</summary>
    public static async Task AnswerOnPageAsync(this IPage page, string code)
    {
        await page.GetByLabel("Code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }

    private static async Task AnswerDialogAsync(this IPage page, string label, string answer)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel(label).FillAsync(answer);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }
}

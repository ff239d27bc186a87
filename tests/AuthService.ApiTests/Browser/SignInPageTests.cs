using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>People sign in on the service's own page, with script and without.</summary>
[Collection("pages")]
public sealed class SignInPageTests(PagesHost pages)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_signs_in_and_returns_to_the_site_signed_in(bool script)
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await OpenAsync(script);

        await page.SignInOnPageAsync(person.Id, person.Password);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);

        var cookies = (await page.Context.CookiesAsync()).ToDictionary(cookie => cookie.Name, StringComparer.Ordinal);
        Assert.StartsWith("rt_", cookies["refreshToken"].Value, StringComparison.Ordinal);
        Assert.Contains("csrfToken", Uri.UnescapeDataString(cookies["authState"].Value), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_of_whom_a_new_password_is_requested_chooses_it_and_signs_in_with_it(bool script)
    {
        var (person, chosen) = (await pages.Host.CreatePersonAsync(new() { ["passwordResetRequested"] = true }), Hosting.Principals.NewPassword());
        var page = await OpenAsync(script);

        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.GetByLabel("New password").FillAsync(chosen);
        await page.Locator("button.main").ClickAsync();
        await page.ExpectTextAsync("[role=status]", "Your new password is set. Sign in with it.");
        Assert.Null(await page.FindRefreshCookieAsync());

        await page.SignInOnPageAsync(person.Id, chosen);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_password_is_said_and_the_name_stays(bool script)
    {
        var person = await pages.Host.CreatePersonAsync();
        var page = await OpenAsync(script);

        await page.SignInOnPageAsync(person.Id, "wrong");

        await page.ExpectTextAsync("[role=alert]", "The user name or the password is not right.");
        await Assertions.Expect(page.GetByLabel("User name")).ToHaveValueAsync(person.Id);
        await Assertions.Expect(page.GetByLabel("Password")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByLabel("Password")).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Null(await page.FindRefreshCookieAsync());
        await page.SignInOnPageAsync(person.Id, person.Password);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Fact]
    public async Task Without_script_a_lock_says_how_long_it_lasts()
    {
        var (page, person) = (await OpenAsync(script: false), await pages.Host.CreatePersonAsync());
        using var frozen = pages.Host.Clock.Freeze();
        await pages.Host.FailAsync(person.Id, 5);

        await page.SignInOnPageAsync(person.Id, person.Password);

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Too many failed sign-ins. Try again in 5 seconds.");
    }

    [Fact]
    public async Task With_script_the_button_counts_the_lock_down_and_then_signs_in()
    {
        var (page, person) = (await OpenAsync(script: true), await pages.Host.CreatePersonAsync());
        await page.Clock.InstallAsync();
        using var frozen = pages.Host.Clock.Freeze();
        await pages.Host.FailAsync(person.Id, 5);

        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.ExpectTextAsync("[role=alert]", "Too many failed sign-ins. Try again in 5 seconds.");
        await page.ExpectTextAsync("button.main", "Try again in ");
        await Assertions.Expect(page.Locator("button.main")).ToHaveAttributeAsync("aria-disabled", "true");
        pages.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        await page.Clock.RunForAsync(5_000);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("You can try again now.");

        await page.SignInOnPageAsync(person.Id, person.Password);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Fact]
    public async Task With_script_a_lock_holds_nobody_else_up_at_the_same_computer()
    {
        var (page, locked, other) = (await OpenAsync(script: true), await pages.Host.CreatePersonAsync(), await pages.Host.CreatePersonAsync());
        using var frozen = pages.Host.Clock.Freeze();
        await pages.Host.FailAsync(locked.Id, 5);
        await page.SignInOnPageAsync(locked.Id, locked.Password);
        await page.ExpectTextAsync("button.main", "Try again in ");

        await page.SignInOnPageAsync(other.Id, other.Password);

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Fact]
    public async Task With_script_the_page_is_not_loaded_anew_and_sends_one_form_however_often_one_presses()
    {
        var (page, person) = (await OpenAsync(script: true), await pages.Host.CreatePersonAsync());
        var sent = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.EndsWith(PasskeyCalls.SignInOptions, StringComparison.Ordinal)) // asked for by itself, once the browser says that it has passkeys
                sent.Add($"{request.Method} {request.ResourceType}");
        };

        await page.GetByLabel("User name").FillAsync(person.Id);
        await page.GetByLabel("Password").FillAsync("wrong");
        await page.EvaluateAsync("() => { const button = document.querySelector('form button'); button.click(); button.click(); button.click(); }");
        await page.ExpectTextAsync("[role=alert]", "not right");

        Assert.Equal(["POST fetch"], sent);
    }

    [Fact]
    public async Task It_is_used_with_the_keyboard_alone()
    {
        var (page, person) = (await OpenAsync(script: true), await pages.Host.CreatePersonAsync());

        await page.Keyboard.TypeAsync(person.Id);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(person.Password);
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Fact]
    public async Task On_a_public_computer_the_cookie_ends_with_the_browser()
    {
        var (page, person) = (await OpenAsync(script: true), await pages.Host.CreatePersonAsync());

        await page.GetByLabel("This is a public computer").CheckAsync();
        await page.SignInOnPageAsync(person.Id, person.Password);
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);

        Assert.Equal(-1, (await page.FindRefreshCookieAsync())!.Expires);
    }

    [Fact]
    public async Task Password_managers_find_what_they_look_for()
    {
        var page = await OpenAsync(script: true);

        Assert.Equal("username webauthn", await page.GetByLabel("User name").GetAttributeAsync("autocomplete"));
        Assert.Equal("current-password", await page.GetByLabel("Password").GetAttributeAsync("autocomplete"));
        Assert.Equal("password", await page.GetByLabel("Password").GetAttributeAsync("type"));
    }

    [Fact]
    public async Task Screen_readers_know_the_place_of_messages_before_there_is_one()
    {
        var page = await OpenAsync(script: true);

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("");
        await Assertions.Expect(page.GetByLabel("This is a public computer"))
            .ToHaveAccessibleDescriptionAsync("The sign-in then ends with the browser, or soon after the last use.");
    }

    [Fact]
    public async Task An_unknown_service_has_a_message_and_no_form()
    {
        var page = await pages.OpenAsync("/login?service=nowhere");

        await page.ExpectTextAsync("#problem", "This address names no site");
        await Assertions.Expect(page.Locator("form")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task When_the_service_cannot_be_reached_the_page_says_so_and_can_be_used_again()
    {
        var (page, person) = (await OpenAsync(script: true), await pages.Host.CreatePersonAsync());

        await page.Context.SetOfflineAsync(true);
        await page.SignInOnPageAsync(person.Id, person.Password);
        await page.ExpectTextAsync("[role=alert]", "The service cannot be reached.");
        await page.Context.SetOfflineAsync(false);
        await page.SignInOnPageAsync(person.Id, person.Password);

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_use_its_form()
    {
        var (page, attacker) = (await OpenAsync(script: true), await pages.Host.CreatePersonAsync());
        await page.GotoAsync(pages.CrossSiteOrigin);

        var response = await page.SubmitFormAsync($"{pages.Service}/login", Fetches.FormOf(attacker));

        Assert.Equal(403, response.Status);
        Assert.Null(await page.FindRefreshCookieAsync());
    }

    private Task<IPage> OpenAsync(bool script) => pages.OpenAsync("/login?service=web", new() { JavaScriptEnabled = script });
}

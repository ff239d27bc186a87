using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Browser;

/// <summary>A person who presses a button twice sends one form. A second one would be refused after the first has worked.</summary>
[Collection("pages")]
public sealed class SentOnceTests(PagesHost pages)
{
    private const string Press = "document.querySelector('button.main').click()";

    [Fact]
    public async Task The_forgotten_password()
    {
        var page = await pages.OpenAsync("/login/forgotten?service=web");
        await page.GetByLabel("E-mail address").FillAsync("nobody@example.com");

        await PressTwiceAsync(page);

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("a mail with a link is on its way");
    }

    [Fact]
    public async Task The_new_password()
    {
        var person = await pages.Host.CreatePersonAsync(new() { ["passwordResetRequested"] = true });
        var token = await pages.Host.Http.ResetTokenAsync(person.Id, person.Password);
        var page = await pages.OpenAsync($"/login/new-password?service=web#token={token}");
        await page.GetByLabel("New password").FillAsync(NewPassword());

        await PressTwiceAsync(page);

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your new password is set.");
    }

    [Fact]
    public async Task The_second_step()
    {
        using var frozen = pages.Host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        var guarded = await pages.Host.GuardedAsync();
        var page = await pages.OpenAsync("/login?service=web");
        await page.SignInOnPageAsync(guarded.Person.Id, guarded.Person.Password);
        await page.GetByLabel("Code").FillAsync(pages.Host.NextCode(guarded));

        await PressTwiceAsync(page);

        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
    }

    /// <summary>Chromium keeps no page in the back/forward cache while it is driven, so the event is made.</summary>
    [Fact]
    public async Task A_form_that_comes_back_out_of_the_browsers_memory_can_be_sent_again()
    {
        var page = await pages.OpenAsync("/login/forgotten?service=web");
        await page.GetByLabel("E-mail address").FillAsync("nobody@example.com");
        await page.EvaluateAsync("() => document.querySelector('form').dataset.sent = 'yes'");

        await page.EvaluateAsync("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await page.EvaluateAsync(Press);

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("a mail with a link is on its way");
    }

    /// <summary>The page presses again by itself while the first form is on its way: the browser lets no test into the page then.</summary>
    private static async Task PressTwiceAsync(IPage page)
    {
        var (sent, isSent, released) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync("**/login/**", async route =>
        {
            if (route.Request.Method is "POST")
            {
                Interlocked.Increment(ref sent);
                isSent.TrySetResult();
                await released.Task;
            }

            await route.ContinueAsync();
        });

        await page.EvaluateAsync($"() => {{ {Press}; setTimeout(() => {Press}, 500); }}");
        await isSent.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Task.Delay(TimeSpan.FromSeconds(2));
        released.SetResult();

        Assert.Equal(1, sent);
    }
}

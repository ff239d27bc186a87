using System.Net;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>Somebody with a passkey proves in Swagger UI who they are.</summary>
public sealed class SwaggerPasskeyTests(SwaggerPage swagger) : IClassFixture<SwaggerPage>
{
    private static readonly Settings Freshness = new() { ["Sessions:FreshFor"] = "00:05:00" };

    [Theory]
    [InlineData(false, "Continue")]
    [InlineData(true, "Use a passkey")]
    public async Task The_passkey_is_taken_alone_and_beside_the_code(bool app, string button)
    {
        await using var host = await SwaggerPage.StartHostAsync(Freshness);
        var (page, complaints) = await OpenAtOriginAsync(host);
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        var guarded = app ? await host.GuardedAsync(session, person) : null;
        await page.MakePasskeyAsync(host, app ? await host.RefreshAsync(session.RefreshToken) : session.AccessToken);
        using var frozen = host.Clock.Freeze(); // a busy machine takes longer than a code is good for
        await page.SignInAsync(person.Id, person.Password);
        if (guarded is not null)
            await page.AnswerQuestionAsync(host.NextCode(guarded));
        await ExpectSignedInAsync(page);
        host.Clock.Advance(TimeSpan.FromMinutes(6));

        var answer = await RemoveAsync(page, await IdOfPasskeyAsync(host, session));
        await Assertions.Expect(page.Locator("#question")).ToBeVisibleAsync();
        var proof = await page.RunAndWaitForResponseAsync(
            () => page.Locator("#question").GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync(), "**/auth/reauthenticate");

        Assert.Equal((int)HttpStatusCode.OK, proof.Status);
        await answer.ExpectStatusAsync(204);
        Assert.DoesNotContain(complaints, complaint => complaint.Contains("CSP", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_closes_what_the_browser_shows_is_still_asked()
    {
        await using var host = await SwaggerPage.StartHostAsync(Freshness);
        var (page, _) = await OpenAtOriginAsync(host);
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        await page.MakePasskeyAsync(host, session.AccessToken);
        await page.SignInAsync(person.Id, person.Password);
        await page.EvaluateAsync("() => { navigator.credentials.get = async () => { throw new DOMException('', 'NotAllowedError'); }; }");

        var answer = await RemoveAsync(page, await IdOfPasskeyAsync(host, session));
        await page.RunAndWaitForResponseAsync(
            () => page.Locator("#question").GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync(), "**/auth/reauthenticate/options");
        await Assertions.Expect(page.Locator("#question").GetByRole(AriaRole.Button, new() { Name = "Continue" })).ToBeEnabledAsync();
        await page.Locator("#question").GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await answer.ExpectStatusAsync(401);
    }

    /// <summary>The page is then asked for what it can give, and the service says that this is not enough.</summary>
    [Fact]
    public async Task Where_the_page_is_no_origin_of_passkeys_none_is_offered()
    {
        using var authenticator = new SoftwareAuthenticator();
        var (person, session) = await swagger.Host.PasskeyOwnerAsync(authenticator);
        var (page, _) = await swagger.OpenAsync();
        await page.SignInAsync(person.Id, person.Password);

        await RemoveAsync(page, await IdOfPasskeyAsync(swagger.Host, session));
        await Assertions.Expect(page.Locator("#question-answer")).ToHaveAttributeAsync("type", "password");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" })).ToBeHiddenAsync();
        await page.AnswerQuestionAsync(person.Password);

        await page.ExpectQuestionRefusedAsync("A password alone is not enough");
    }

    private async Task<(IPage Page, List<string> Complaints)> OpenAtOriginAsync(AuthHost host)
    {
        var (page, complaints) = await swagger.OpenAsync(host);
        await page.ShowAtOriginAsync(host);
        await page.AddAuthenticatorAsync();
        await page.GotoAsync($"{VirtualAuthenticator.Origin}/swagger/index.html");
        await Assertions.Expect(page.Locator("#sign-in")).ToBeVisibleAsync();
        return (page, complaints);
    }

    private static Task ExpectSignedInAsync(IPage page) => Assertions.Expect(page.Locator("#sign-in [name=signedIn]")).ToBeVisibleAsync();

    private static async Task<string> IdOfPasskeyAsync(AuthHost host, SignedIn session) =>
        Assert.Single(await host.PasskeysAsync(await host.RefreshAsync(session.RefreshToken))).Text("id");

    private static async Task<ILocator> RemoveAsync(IPage page, string id)
    {
        await ExpectSignedInAsync(page);
        await page.ChooseDocumentAsync("account");
        return await page.TryOutAsync("delete", "/account/passkeys/{id}", body: null, ("id", id));
    }
}

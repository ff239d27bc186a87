using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit;

namespace AuthService.ApiTests.Browser;

/// <summary>What a real browser makes of the options, with its virtual authenticator in the place of a person's device.</summary>
[Collection("pages")]
public sealed class PasskeyBrowserTests(PagesHost pages)
{
    private const string SignInScript =
        """
        async options => JSON.stringify(await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)),
        }))
        """;

    [Fact]
    public async Task Chromium_makes_a_passkey_and_signs_in_with_it()
    {
        var host = pages.Host;
        var session = await host.SignedInPersonAsync();
        var page = await OpenWithAuthenticatorAsync();

        await page.MakePasskeyAsync(host, session.AccessToken);
        var prompt = await host.PasskeyPromptAsync();
        var credential = JsonElement.Parse(await page.EvaluateAsync<string>(SignInScript, prompt.Options.GetRawText()));
        var signedIn = await host.TryPasskeyLoginAsync(prompt, credential).ExpectAsync(HttpStatusCode.OK);

        Assert.Equal(["hwk", "mfa"], PasskeyCalls.MethodsOf(signedIn.Text("accessToken")));
        await host.TryPasskeyLoginAsync(prompt, credential).ExpectIncorrectAsync();
        var second = await host.NewPasskeyPromptAsync(session.AccessToken);
        var excluded = await Assert.ThrowsAsync<PlaywrightException>(() => page.MakeCredentialAsync(second));
        Assert.Contains("InvalidStateError", excluded.Message, StringComparison.Ordinal);
    }

    /// <summary>A page of the relying party, without content, in a browser with an authenticator that verifies its user.</summary>
    private async Task<IPage> OpenWithAuthenticatorAsync()
    {
        var page = await pages.OpenAsync("/login?service=web");
        await page.RouteAsync(
            $"{VirtualAuthenticator.Origin}/**",
            route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!DOCTYPE html><title>Passkeys</title>" }));
        await page.GotoAsync(VirtualAuthenticator.Origin);
        await page.AddAuthenticatorAsync();
        return page;
    }
}

using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;

namespace AuthService.ApiTests.Browser;

/// <summary>Chromium's own authenticator, in the place of a person's device: it keeps passkeys, verifies its user and always agrees.</summary>
internal static class VirtualAuthenticator
{
    /// <summary>Of the pages that may ask for passkeys, by the settings of these tests.</summary>
    public const string Origin = "http://localhost";

    private const string MakeScript =
        """
        async options => JSON.stringify(await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options)),
        }))
        """;

    public static async Task AddAuthenticatorAsync(this IPage page)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new(StringComparer.Ordinal)
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    /// <summary>Shows the service, which listens elsewhere, at the origin of passkeys.</summary>
    public static Task ShowAtOriginAsync(this IPage page, AuthHost host) => page.RouteAsync($"{Origin}/**", async route =>
    {
        var address = new UriBuilder(route.Request.Url) { Port = host.Address.Port }.Uri.AbsoluteUri;
        await route.FulfillAsync(new() { Response = await route.FetchAsync(new() { Url = address, MaxRedirects = 0 }) });
    });

    /// <summary>Makes a passkey for the person of this session, as a page at the origin does.</summary>
    public static async Task MakePasskeyAsync(this IPage page, AuthHost host, string token)
    {
        var prompt = await host.NewPasskeyPromptAsync(token);
        var credential = JsonElement.Parse(await page.MakeCredentialAsync(prompt));
        await host.TryAddPasskeyAsync(token, prompt, credential).ExpectAsync(HttpStatusCode.Created);
    }

    public static Task<string> MakeCredentialAsync(this IPage page, PasskeyPrompt prompt) =>
        page.EvaluateAsync<string>(MakeScript, prompt.Options.GetRawText());
}

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

    /// <summary>Another answer than the authenticator gave.</summary>
    private const string SpoilScript =
        """
        () => {
          const get = navigator.credentials.get.bind(navigator.credentials);
          navigator.credentials.get = async options => {
            const answer = (await get(options)).toJSON();
            answer.response.signature = answer.response.authenticatorData;
            return { toJSON: () => answer };
          };
        }
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

    /// <summary>What this page sends of passkeys is refused, until it is reloaded.</summary>
    public static Task SpoilPasskeysAsync(this IPage page) => page.EvaluateAsync(SpoilScript);

    /// <summary>The account page, with the passkey that the person has just made there.</summary>
    public static async Task<IPage> OpenAccountWithPasskeyAsync(this PagesHost pages, Person person, Guarded? guarded = null)
    {
        var page = await pages.OpenWithAuthenticatorAsync();
        await page.SignInOnPageAsync(person.Id, person.Password);
        if (guarded is not null)
            await page.AnswerOnPageAsync(pages.Host.NextCode(guarded));
        await Assertions.Expect(page).ToHaveURLAsync(pages.Home);
        await page.GotoAsync($"{Origin}/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.ExpectTextAsync("#notice", "You can sign in with it from now on.");
        return page;
    }

    /// <summary>The sign-in page of the service at the relying party's origin, in a browser with an authenticator that verifies its user.</summary>
    private static async Task<IPage> OpenWithAuthenticatorAsync(this PagesHost pages)
    {
        var page = await pages.OpenAsync("/login?service=web");
        await page.ShowAtOriginAsync(pages.Host);
        await page.AddAuthenticatorAsync();
        await page.GotoAsync($"{Origin}/login?service=web");
        return page;
    }
}

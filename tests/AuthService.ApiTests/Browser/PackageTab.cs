using System.Runtime.CompilerServices;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;

namespace AuthService.ApiTests.Browser;

/// <summary>A tab of a trusted page that uses the bundle of <c>src/authservice-js</c>.</summary>
public sealed class PackageTab
{
    private const string Start =
        """
        async ({ bundle, url }) => {
          const { AuthService } = await import(URL.createObjectURL(new Blob([bundle], { type: 'text/javascript' })));
          window.proofs = [];
          window.auth = new AuthService({ url, service: 'web', askForProof: async () => proofs.shift() ?? null });
          window.news = [];
          auth.onChange(person => news.push(person && person.id));
        }
        """;

    private readonly IPage _page;

    private PackageTab(IPage page) => _page = page;

    /// <summary>One more tab of this browser.</summary>
    public static async Task<PackageTab> OpenAsync(IBrowserContext context, BrowserHost browser)
    {
        var tab = new PackageTab(await context.NewPageAsync());
        await tab.ReloadAsync(browser);
        return tab;
    }

    public async Task ReloadAsync(BrowserHost browser)
    {
        await _page.GotoAsync(browser.TrustedOrigin);
        await _page.EvaluateAsync(Start, new { bundle = await File.ReadAllTextAsync(FindFile("dist/authservice.min.js")), url = browser.Service });
    }

    public Task SignInAsync(Person person) =>
        _page.EvaluateAsync("({ id, password }) => auth.signIn(id, password)", new { id = person.Id, password = person.Password });

    /// <summary>With both factors.</summary>
    public Task SignInAsync(Person person, string code, bool trustDevice = false) => _page.EvaluateAsync(
        "async ({ id, password, code, trustDevice }) => (await auth.signIn(id, password)).answer(code, { trustDevice })",
        new { id = person.Id, password = person.Password, code, trustDevice });

    /// <summary>Forgets this browser. False unless it was listed alone, as a trusted one, and is gone.</summary>
    public Task<bool> ForgetTrustedDeviceAsync() => _page.EvaluateAsync<bool>(
        """
        async () => {
          const [device, ...others] = await auth.devices.list();
          await auth.devices.forget(device.id);
          return device.current && device.trustedUntil > Date.now() && others.length === 0 && (await auth.devices.list()).length === 0;
        }
        """);

    /// <summary>What a sign-in that requests a new password is answered with, and its token with one that is too short, this one, and this one again.</summary>
    public Task<string[]> ResetPasswordAsync(Person person, string chosen) => _page.EvaluateAsync<string[]>(
        """
        async ({ id, password, chosen }) => {
          const { name, token } = await auth.signIn(id, password).catch(error => error);
          const reset = password => auth.resetPassword(token, password).then(() => 'done', error => error.name);
          return [name, await reset('short'), await reset(chosen), await reset(chosen)];
        }
        """,
        new { id = person.Id, password = person.Password, chosen });

    public Task RequestPasswordResetAsync(string email) => _page.EvaluateAsync("email => auth.requestPasswordReset(email)", email);

    /// <summary>In the place of the person's device.</summary>
    public async Task AddAuthenticatorAsync()
    {
        await _page.AddAuthenticatorAsync();
        await _page.BringToFrontAsync(); // browsers show nothing of passkeys for a page that nobody looks at
    }

    /// <summary>Who it is. Offered among the names, the passkey is chosen at once.</summary>
    public Task<string> SignInWithPasskeyAsync(bool conditional) =>
        _page.EvaluateAsync<string>("conditional => auth.signInWithPasskey({ conditional }).then(person => person.id)", conditional);

    /// <summary>Makes a passkey and gives it this name.</summary>
    public Task AddPasskeyAsync(string name) => _page.EvaluateAsync("name => auth.passkeys.add().then(made => auth.passkeys.rename(made.id, name))", name);

    public Task<string[]> ListPasskeysAsync() => _page.EvaluateAsync<string[]>("() => auth.passkeys.list().then(own => own.map(passkey => passkey.name))");

    /// <summary>The status of the refusal; 204 when they are removed.</summary>
    public Task<int> RemovePasskeysAsync() => _page.EvaluateAsync<int>(
        """
        async () => {
          const own = await auth.passkeys.list();
          return Promise.all(own.map(passkey => auth.passkeys.remove(passkey.id))).then(() => 204, error => error.status);
        }
        """);

    /// <summary>What a person does who is asked for a fresh proof.</summary>
    public Task AnswerProofWithAsync(string code) => _page.EvaluateAsync("verificationCode => void proofs.push({ verificationCode })", code);

    public Task AnswerProofWithPasswordAsync(string password) => _page.EvaluateAsync("password => void proofs.push({ password })", password);

    public Task AnswerProofWithPasskeyAsync() => _page.EvaluateAsync("() => void proofs.push({ passkey: true })");

    public Task SignOutAsync() => _page.EvaluateAsync("() => auth.signOut()");

    /// <summary>Sets this tab's clock forward: to it a token of ten minutes has expired.</summary>
    public Task LetTokenExpireAsync() => _page.EvaluateAsync("() => { const now = Date.now; Date.now = () => now() + 660_000; }");

    /// <summary>The access token, or the name of the error.</summary>
    public Task<string> GetAccessTokenAsync() => _page.EvaluateAsync<string>("() => auth.getAccessToken().catch(error => error.name)");

    /// <summary>The status of a call with the package's fetch.</summary>
    public Task<int> ListSessionsAsync(BrowserHost browser) =>
        _page.EvaluateAsync<int>("url => auth.fetch(url).then(answer => answer.status)", $"{browser.Service}/account/auth/sessions");

    /// <summary>The status of a change that asks for a fresh proof.</summary>
    public Task<int> ReplaceRecoveryCodesAsync(BrowserHost browser) => _page.EvaluateAsync<int>(
        "url => auth.fetch(url, { method: 'POST' }).then(answer => answer.status)", $"{browser.Service}/auth/2fa/recovery-codes");

    /// <summary>Waits until somebody is signed in (true) or nobody is, as this tab was told without asking.</summary>
    public Task HearAsync(bool signedIn) => _page.WaitForFunctionAsync("signedIn => news.length > 0 && (news.at(-1) !== null) === signedIn", signedIn);

    /// <summary>A file of the package's own folder.</summary>
    public static string FindFile(string name, [CallerFilePath] string path = "")
    {
        var file = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../src/authservice-js", name));
        return File.Exists(file) ? file : throw new InvalidOperationException($"{file} is missing: run tests/run.sh, or npm ci and npm run build there.");
    }
}

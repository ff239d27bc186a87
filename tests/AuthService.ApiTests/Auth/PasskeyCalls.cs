using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Auth;

/// <summary>The options for the browser, and the id of the challenge to send back.</summary>
public sealed record PasskeyPrompt(string ChallengeId, JsonElement Options)
{
    public static PasskeyPrompt Of(JsonElement body) => new(body.Text("challengeId"), body.GetProperty("options"));
}

/// <summary>Makes the calls of pages that use passkeys.</summary>
public static class PasskeyCalls
{
    public const string Own = "/account/passkeys";
    public const string SetUpOptions = "/account/passkeys/options";
    public const string SignInOptions = "/auth/passkeys/options";
    public const string Login = "/auth/passkeys/login";
    public const string ProofOptions = "/auth/reauthenticate/options";

    public static async Task<PasskeyPrompt> PasskeyPromptAsync(this AuthHost host, string service = "app") =>
        PasskeyPrompt.Of(await host.PostAsync(SignInOptions, json: new { service }).ExpectAsync(HttpStatusCode.OK));

    public static async Task<PasskeyPrompt> NewPasskeyPromptAsync(this AuthHost host, string token) =>
        PasskeyPrompt.Of(await host.PostAsync(SetUpOptions, token).ExpectAsync(HttpStatusCode.OK));

    public static async Task<PasskeyPrompt> ProofPromptAsync(this AuthHost host, string token) =>
        PasskeyPrompt.Of(await host.PostAsync(ProofOptions, token).ExpectAsync(HttpStatusCode.OK));

    public static Task<HttpResponseMessage> TryAddPasskeyAsync(
        this AuthHost host, string token, PasskeyPrompt prompt, object? credential, string? name = null) =>
        host.PostAsync(Own, token, new { challengeId = prompt.ChallengeId, credential, name });

    /// <summary>Adds a passkey in this session.</summary>
    public static async Task<JsonElement> AddPasskeyAsync(this AuthHost host, string token, SoftwareAuthenticator authenticator, string? name = null)
    {
        var prompt = await host.NewPasskeyPromptAsync(token);
        return await host.TryAddPasskeyAsync(token, prompt, authenticator.Create(prompt.Options), name).ExpectAsync(HttpStatusCode.Created);
    }

    /// <summary>Creates a person, signs them in with the password and adds a passkey.</summary>
    public static async Task<(Person Person, SignedIn Session)> PasskeyOwnerAsync(this AuthHost host, SoftwareAuthenticator authenticator)
    {
        var person = await host.CreatePersonAsync();
        var session = await host.LoginAsync(person);
        await host.AddPasskeyAsync(session.AccessToken, authenticator);
        return (person, session);
    }

    public static Task<HttpResponseMessage> TryPasskeyLoginAsync(
        this AuthHost host, PasskeyPrompt prompt, object? credential, string service = "app", params (string, string)[] headers) =>
        host.SendAsync(HttpMethod.Post, Login, json: new { challengeId = prompt.ChallengeId, credential, service }, headers: headers);

    /// <summary>Requests the options and signs in with the passkey.</summary>
    public static async Task<HttpResponseMessage> TryLoginAsync(this AuthHost host, SoftwareAuthenticator authenticator, string service = "app")
    {
        var prompt = await host.PasskeyPromptAsync(service);
        return await host.TryPasskeyLoginAsync(prompt, authenticator.Get(prompt.Options), service);
    }

    public static async Task<SignedIn> LoginAsync(this AuthHost host, SoftwareAuthenticator authenticator)
    {
        var body = await host.TryLoginAsync(authenticator).ExpectAsync(HttpStatusCode.OK);
        return new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), body.Text("refreshToken"), CookieName: null);
    }

    /// <summary>Fails unless the response is the one refusal that every wrong passkey gets.</summary>
    public static async Task ExpectIncorrectAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status = HttpStatusCode.Unauthorized) =>
        Xunit.Assert.Equal(new Refusal("INCORRECT_PASSKEY", "Incorrect passkey"), await answer.RefusalAsync(status));

    public static async Task<JsonElement[]> PasskeysAsync(this AuthHost host, string token) =>
        [.. (await host.GetAsync(Own, token).ExpectAsync(HttpStatusCode.OK)).EnumerateArray()];

    public static string[] MethodsOf(string token) => [.. Requests.ClaimsOf(token).GetProperty("amr").EnumerateArray().Select(method => method.GetString()!)];
}

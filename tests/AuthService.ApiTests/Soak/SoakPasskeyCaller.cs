using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Faults;
using AuthService.ApiTests.Hosting;
using static System.Net.Http.HttpMethod;

namespace AuthService.ApiTests.Soak;

/// <summary>A person with a passkey, who signs in with it and out again.</summary>
internal sealed class SoakPasskeyCaller(SoakLoad load, string person)
{
    public async Task RunAsync(CancellationToken stop)
    {
        var token = (await load.LoginAsync(person)).Text("accessToken");
        using var authenticator = PasskeyUser.CreateAuthenticator(token);
        var prompt = PasskeyPrompt.Of(await load.CallAsync(HttpStatusCode.OK, Post, PasskeyCalls.SetUpOptions, token));
        var made = new { challengeId = prompt.ChallengeId, credential = authenticator.Create(prompt.Options) };
        await load.CallAsync(HttpStatusCode.Created, Post, PasskeyCalls.Own, token, JsonContent.Create(made));
        while (!stop.IsCancellationRequested)
            await SignInAsync(authenticator);
    }

    /// <summary>Sends one signature twice, of which the second must be refused.</summary>
    private async Task SignInAsync(SoftwareAuthenticator authenticator)
    {
        var begun = await load.CallAsync(HttpStatusCode.OK, Post, PasskeyCalls.SignInOptions, bearer: null, JsonContent.Create(new { service = "app" }));
        if (begun.ValueKind is not JsonValueKind.Object)
            return;
        var prompt = PasskeyPrompt.Of(begun);
        var answer = new { challengeId = prompt.ChallengeId, credential = authenticator.Get(prompt.Options), service = "app" };
        var signedIn = await load.CallAsync(HttpStatusCode.OK, Post, PasskeyCalls.Login, bearer: null, JsonContent.Create(answer));
        await load.CallAsync(HttpStatusCode.Unauthorized, Post, PasskeyCalls.Login, bearer: null, JsonContent.Create(answer));
        if (signedIn.ValueKind is not JsonValueKind.Object)
            return;
        await load.CallAsync(HttpStatusCode.NoContent, Post, "/auth/logout", signedIn.Text("refreshToken"));
        load.CountRevocation();
    }
}

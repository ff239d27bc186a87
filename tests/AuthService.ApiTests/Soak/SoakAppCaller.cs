using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using OtpNet;
using static System.Net.Http.HttpMethod;

namespace AuthService.ApiTests.Soak;

/// <summary>A person with an authenticator app, who signs in with one recovery code after another and then makes new ones.</summary>
internal sealed class SoakAppCaller(SoakLoad load, string person)
{
    public async Task RunAsync(CancellationToken stop)
    {
        var session = await load.LoginAsync(person);
        var token = session.Text("accessToken");
        var begun = await load.CallAsync(HttpStatusCode.OK, Post, SecondFactorCalls.SetUp, token);
        var code = new Totp(Base32Encoding.ToBytes(begun.Text("secret"))).ComputeTotp();
        await AnswerAsync(HttpStatusCode.NoContent, begun.Text("challengeId"), code);
        token = (await load.CallAsync(HttpStatusCode.OK, Post, "/auth/refresh", session.Text("refreshToken"))).Text("accessToken");
        while (!stop.IsCancellationRequested)
            token = await UseUpAsync(await load.CallAsync(HttpStatusCode.OK, Post, SecondFactorCalls.RecoveryCodes, token), stop) ?? token;
    }

    /// <summary>Uses each code once, and then again, which must be refused.</summary>
    /// <returns>The access token of the last sign-in.</returns>
    private async Task<string?> UseUpAsync(JsonElement made, CancellationToken stop)
    {
        string? token = null;
        if (made.ValueKind is not JsonValueKind.Object)
            return token;
        foreach (var code in made.GetProperty("codes").EnumerateArray().Select(code => code.GetString()!).TakeWhile(_ => !stop.IsCancellationRequested))
        {
            if (await load.LoginAsync(person) is not { ValueKind: JsonValueKind.Object } step)
                continue;
            var signedIn = await AnswerAsync(HttpStatusCode.OK, step.Text("2fa"), code);
            token = signedIn.ValueKind is JsonValueKind.Object ? signedIn.Text("accessToken") : token;
            await AnswerAsync(HttpStatusCode.Unauthorized, step.Text("2fa"), code);
        }

        return token;
    }

    private Task<JsonElement> AnswerAsync(HttpStatusCode expected, string challenge, string code) => load.CallAsync(
        expected, Post, SecondFactorCalls.Challenge, bearer: null, JsonContent.Create(new { challengeId = challenge, verificationCode = code }));
}

using System.Text.Json;
using AuthService.ApiTests.Auth;
using static AuthService.ApiTests.Faults.InstanceCalls;

namespace AuthService.ApiTests.Faults;

/// <summary>Signs in with a passkey: with one signature on two instances at the same time, and once again.</summary>
internal sealed class PasskeyCaller(InstanceCalls calls, LoadUsers users, PasskeyUser user, Random random) : ILoadCaller
{
    public async Task CallAsync(CancellationToken end)
    {
        var options = await calls.PostAsync(CallKind.PasskeyOptions, user.Person.Id, PasskeyCalls.SignInOptions, bearer: null, new { service = "app" });
        if (options.Outcome is not Outcome.Ok)
            return;
        var prompt = PasskeyPrompt.Of(JsonElement.Parse(options.Body));
        var credential = user.Authenticator.Get(prompt.Options);
        var answers = await TwiceAsync(() => SignInAsync(prompt, credential));
        await SignInAsync(prompt, credential);
        if (Array.Find(answers, answer => answer.Outcome is Outcome.Ok) is not { } signedIn)
            return;
        var (id, tokens) = (signedIn.SessionId, SessionTokens.Of(signedIn));
        users.Sessions[id] = tokens;
        if (random.Next(3) > 0)
            await UntilAnsweredAsync(() => calls.PostAsync(CallKind.SignOut, id, "/auth/logout", tokens.Refresh));
    }

    private Task<Call> SignInAsync(PasskeyPrompt prompt, JsonElement credential) => calls.PostAsync(
        CallKind.Passkey, $"{user.Person.Id} {prompt.ChallengeId}", PasskeyCalls.Login, bearer: null,
        new { challengeId = prompt.ChallengeId, credential, service = "app" });
}

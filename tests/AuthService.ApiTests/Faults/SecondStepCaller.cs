using System.Text.Json;
using AuthService.ApiTests.Auth;
using static AuthService.ApiTests.Faults.InstanceCalls;

namespace AuthService.ApiTests.Faults;

/// <summary>
/// Signs in with password and code. It uses the right code on two instances at the same time, and also tries codes that were used before.
/// </summary>
internal sealed class SecondStepCaller(InstanceCalls calls, LoadUsers users, AppUser user, Random random) : ILoadCaller
{
    private const int FewCodes = 4;

    private SecondStepCode? _used;

    public async Task CallAsync(CancellationToken end)
    {
        if (await FindChallengeAsync() is not { } challenge || user.NextCode() is not { } code)
            return;
        if (_used is { } used)
            await AnswerAsync(challenge, used);
        _used = code;
        var answers = await TwiceAsync(() => AnswerAsync(challenge, code));
        if (Array.Find(answers, answer => answer.Outcome is Outcome.Ok) is { } signedIn)
            await GoOnAsync(signedIn, challenge);
    }

    /// <summary>Gets a challenge with the password, and checks that the challenge alone allows nothing.</summary>
    private async Task<string?> FindChallengeAsync()
    {
        var password = new { username = user.Person.Id, password = user.Person.Password, service = "app" };
        var step = await calls.PostAsync(CallKind.PasswordStep, user.Person.Id, "/auth/login", bearer: null, password);
        if (step.Outcome is not Outcome.Ok || step.Text("2fa") is not { } challenge)
            return null;
        await calls.PostAsync(CallKind.Overreach, user.Person.Id, "/auth/refresh", challenge);
        return challenge;
    }

    private Task<Call> AnswerAsync(string challenge, SecondStepCode code) => calls.PostAsync(
        CallKind.Code, $"{user.Person.Id} {challenge} {code.Name}", SecondFactorCalls.Challenge, bearer: null,
        new { challengeId = challenge, verificationCode = code.Text });

    private async Task GoOnAsync(Call signedIn, string challenge)
    {
        var (id, tokens) = (signedIn.SessionId, SessionTokens.Of(signedIn));
        users.Sessions[id] = tokens;
        if (user.RecoveryCodes.TryPeek(out var unused))
            await AnswerAsync(challenge, new SecondStepCode(unused, unused));
        if (user.RecoveryCodes.Count < FewCodes)
            await MakeRecoveryCodesAsync(tokens.Access);
        if (random.Next(3) > 0)
            await UntilAnsweredAsync(() => calls.PostAsync(CallKind.SignOut, id, "/auth/logout", tokens.Refresh));
    }

    private async Task MakeRecoveryCodesAsync(string accessToken)
    {
        var made = await UntilAnsweredAsync(() => calls.PostAsync(CallKind.RecoveryCodes, user.Person.Id, SecondFactorCalls.RecoveryCodes, accessToken));
        if (made.Outcome is Outcome.Ok)
            user.Replace(JsonElement.Parse(made.Body).GetProperty("codes").EnumerateArray().Select(code => code.GetString()!));
    }
}

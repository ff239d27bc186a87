using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using OtpNet;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Checks the second step of a sign-in with an authenticator app.</summary>
internal sealed class FactorChecks(Deployment deployment, TestAccounts accounts)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public IEnumerable<Check> All() => [new("second factor", "is asked for once an app is connected, and each code works once", CodesWorkOnceAsync)];

    private async Task CodesWorkOnceAsync()
    {
        var person = await accounts.CreatePersonAsync();
        var token = (await accounts.SignInAsync(person)).AccessToken;
        var begun = (await deployment.PostAsync("/auth/2fa", token)).ExpectAvailable().Expect(HttpStatusCode.OK);
        var app = new Totp(Base32Encoding.ToBytes(begun.Member("secret")));
        var now = new JsonWebToken(token).IssuedAt; // the deployment's clock
        (await AnswerAsync(begun.Member("challengeId"), app.ComputeTotp(now))).Expect(HttpStatusCode.NoContent);

        var next = app.ComputeTotp(now + Step);
        (await AnswerAsync(await ChallengeAsync(person), app.ComputeTotp(now))).Expect(HttpStatusCode.Unauthorized);
        (await AnswerAsync(await ChallengeAsync(person), next)).Expect(HttpStatusCode.OK).Member("accessToken");
        (await AnswerAsync(await ChallengeAsync(person), next)).Expect(HttpStatusCode.Unauthorized);
    }

    /// <summary>Signs a person in with the password.</summary>
    /// <returns>The id of the challenge for the code.</returns>
    private async Task<string> ChallengeAsync(TestPerson person)
    {
        var answer = (await accounts.TrySignInAsync(person, "Application")).Expect(HttpStatusCode.OK);
        CheckFailedException.Unless(!answer.Json.TryGetProperty("accessToken", out _), "the password alone gives a token");
        return answer.Member("2fa");
    }

    private Task<Answer> AnswerAsync(string challenge, string code) =>
        deployment.PostAsync("/auth/2fa/challenge", body: new JsonObject { ["challengeId"] = challenge, ["verificationCode"] = code });
}

using System.Net;
using System.Security.Cryptography;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>
/// Checks limits that must be exact when many callers call at the same time, in a short form. The calls reach every instance behind the address.
/// </summary>
internal sealed class RaceChecks(Deployment deployment, TestAccounts accounts)
{
    private const int Rounds = 20;
    private const int AtOnce = 16;

    /// <summary>The most wrong passwords that are checked before the name is locked.</summary>
    private const int MostJudged = 5;

    public IEnumerable<Check> All() =>
    [
        new("race", $"of {AtOnce} claims at once one succeeds, {Rounds} times", OneClaimSucceedsAsync),
        new("race", $"no refresh succeeds after the sign-out was answered, {Rounds} times", NoRefreshAfterSignOutAsync),
        new("race", $"of {AtOnce} wrong passwords at once at most {MostJudged} are judged", FewGuessesAreJudgedAsync),
    ];

    private async Task OneClaimSucceedsAsync()
    {
        var service = await accounts.CreateServiceAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var claim = $"/auth/claim?jti=verify-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => deployment.PostAsync(claim, service)));
            var (claimed, refused) = (Count(answers, HttpStatusCode.NoContent), Count(answers, HttpStatusCode.Conflict));
            CheckFailedException.Unless(claimed == 1 && refused == AtOnce - 1, $"{claimed} succeeded and {refused} were told that it was claimed before");
        }
    }

    private async Task NoRefreshAfterSignOutAsync()
    {
        var person = await accounts.CreatePersonAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var session = await accounts.SignInAsync(person);
            var refreshes = Enumerable.Range(0, AtOnce / 2).Select(_ => RefreshAsync(session)).ToList();
            (await deployment.PostAsync("/auth/logout", session.RefreshToken)).Expect(HttpStatusCode.NoContent);
            (await RefreshAsync(session)).Expect(HttpStatusCode.Unauthorized);
            foreach (var minted in (await Task.WhenAll(refreshes)).Where(answer => answer.Status is HttpStatusCode.OK))
                (await deployment.GetAsync("/account/auth/sessions", minted.Member("accessToken"))).Expect(HttpStatusCode.Unauthorized);
        }
    }

    private async Task FewGuessesAreJudgedAsync()
    {
        var person = await accounts.CreatePersonAsync();
        var guess = accounts.SignIn(person, "Application", "Not-the-password-1");
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => deployment.SendOnceAsync(guess)));
        var (judged, refused) = (Count(answers, HttpStatusCode.Unauthorized), Count(answers, HttpStatusCode.TooManyRequests));
        CheckFailedException.Unless(judged <= MostJudged && judged + refused == AtOnce, $"{judged} were judged and {refused} refused");
        if (judged == 0)
            throw new CheckLeftOutException("the rate limit of this address came first");
    }

    private Task<Answer> RefreshAsync(TestSession session) => deployment.PostAsync("/auth/refresh", session.RefreshToken);

    private static int Count(IEnumerable<Answer> answers, HttpStatusCode status) => answers.Count(answer => answer.Status == status);
}

using AuthService.Audit;
using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.SignIn.SecondFactors;

internal abstract record AnswerOutcome
{
    private AnswerOutcome()
    {
    }

    /// <summary>The authenticator app is connected.</summary>
    internal sealed record Connected : AnswerOutcome;

    /// <summary>The sign-in that the challenge belongs to went on.</summary>
    internal sealed record SignIn(SignInOutcome Outcome, LoginService Service) : AnswerOutcome;

    /// <summary>The code is wrong or was used, or the challenge is unknown, over, used or foreign: the caller must not be able to tell.</summary>
    internal sealed record WrongCode : AnswerOutcome;

    /// <summary>After too many wrong codes none is judged.</summary>
    internal sealed record Closed(TimeSpan RetryAfter) : AnswerOutcome;
}

/// <summary>Takes the codes that answer challenges.</summary>
internal sealed class ChallengeAnswerService(
    SignInChallengeStore challenges, CodeVerifier codes, FactorConnection connection, SecondFactorReports reports, SignInCompletion completion)
{
    public async Task<AnswerOutcome> AnswerAsync(ChallengeId id, VerificationCode code, SignInClient client, AuditActor by)
    {
        if (await challenges.TryBeginAsync(id.Hash(), reports.Now) is not { } challenge || await challenges.FindPersonAsync(challenge) is not { } person)
            return await reports.RefuseAsync(person: null, by);
        if (challenge.Kind is ChallengeKind.SetUp)
        {
            return await connection.TryConnectAsync(challenge, person, code, UseAsync, by)
                ? new AnswerOutcome.Connected()
                : await reports.RefuseAsync(person, by, attempted: AuditEvents.SecondFactorConnected);
        }

        if (completion.FindSite(challenge) is not { } site)
            return await reports.RefuseAsync(person, by);
        switch (await codes.JudgeAsync(person.Number, code))
        {
            case CodeVerdict.Possible possible:
                var proof = new Proof(person, AuthenticationMethods.WithSecond([AuthenticationMethods.Password], AuthenticationMethods.OneTimeCode))
                {
                    Consume = async () => await UseAsync() && await codes.TryUseAsync(possible),
                };
                var outcome = await completion.CompleteAsync(proof, site, client, by);
                if (outcome is SignInOutcome.Refused(var reason))
                    return await reports.RefuseAsync(person, by, possible.ClosesIfWrong, reason: reason);
                if (outcome is SignInOutcome.Locked(var wait))
                    reports.NoteLocked(person, wait);
                return new AnswerOutcome.SignIn(outcome, site.Service);
            case CodeVerdict.Closed(var retryAfter):
                return await reports.ReportClosedAsync(person, by, retryAfter);
            case CodeVerdict.Wrong(var closes):
                return await reports.RefuseAsync(person, by, closes);
            case var other:
                throw new InvalidOperationException($"{other} is no verdict");
        }

        Task<bool> UseAsync() => challenges.TryUseAsync(challenge.IdHash);
    }
}

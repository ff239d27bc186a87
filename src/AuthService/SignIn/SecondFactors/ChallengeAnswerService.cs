using System.Diagnostics;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
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

    /// <summary>The sign-in of the challenge continued, with this outcome.</summary>
    internal sealed record SignIn(SignInOutcome Outcome, LoginService Service) : AnswerOutcome;

    /// <summary>
    /// The code is wrong or was used, or the challenge is unknown, expired, used or somebody else's; the caller must not be able to tell which.
    /// </summary>
    internal sealed record WrongCode : AnswerOutcome;

    /// <summary>The challenge belongs to the sign-in of an application, which a page cannot continue: applications get their tokens in no cookie.</summary>
    internal sealed record ForApplication : AnswerOutcome;

    /// <summary>No code is judged after too many wrong ones.</summary>
    internal sealed record Closed(TimeSpan RetryAfter) : AnswerOutcome;

    /// <summary>The encryption key of the authenticator app's secret is not configured; nothing was counted.</summary>
    internal sealed record KeyMissing : AnswerOutcome;
}

/// <summary>Answers challenges with codes.</summary>
internal sealed class ChallengeAnswerService(
    SignInChallengeStore challenges, CodeVerifier codes, FactorConnection connection, SecondFactorReports reports, SignInCompletion completion)
{
    /// <param name="id">The id of the challenge.</param>
    /// <param name="code">The code that answers it.</param>
    /// <param name="client">The client that sends the code.</param>
    /// <param name="by">The audit actor.</param>
    /// <param name="onPage">Whether a page or form sends it, which cannot continue the sign-in of an application.</param>
    public async Task<AnswerOutcome> AnswerAsync(ChallengeId id, VerificationCode code, SignInClient client, AuditActor by, bool onPage)
    {
        var (hash, now) = (id.Hash(), reports.Now);
        if (await challenges.TryBeginAsync(hash, code, now) is not { } challenge)
            return await challenges.IsOpenAsync(hash, now) ? new AnswerOutcome.KeyMissing() : await RefuseAsync(person: null, by);
        if (await challenges.FindPersonAsync(challenge) is not { } person)
            return await RefuseAsync(person: null, by);
        if (challenge.Kind is ChallengeKind.SetUp)
            return await ConnectAsync(challenge, person, code, by);
        if (completion.FindSite(challenge) is not { } site)
            return await RefuseAsync(person, by);
        return onPage && site.Service.Mode is not SessionMode.Web
            ? await GiveBackAsync(challenge, new AnswerOutcome.ForApplication())
            : await GoOnAsync(challenge, person, site, code, client, by);
    }

    private async Task<AnswerOutcome> ConnectAsync(SignInChallenge challenge, Principal person, VerificationCode code, AuditActor by) =>
        await connection.TryConnectAsync(challenge, person, code, () => UseAsync(challenge), by)
            ? new AnswerOutcome.Connected()
            : await RefuseAsync(person, by, attempted: AuditEvents.SecondFactorConnected);

    private async Task<AnswerOutcome> GoOnAsync(
        SignInChallenge challenge, Principal person, SignInSite site, VerificationCode code, SignInClient client, AuditActor by)
    {
        var begun = SignInSoFar.Of(challenge);
        if (await completion.FindLockAsync(person, begun, client, by) is { } locked)
            return await GiveBackAsync(challenge, new AnswerOutcome.SignIn(locked, site.Service));
        switch (await codes.JudgeAsync(person.Number, code))
        {
            case CodeVerdict.Possible possible:
                var proof = new Proof(person, AuthenticationMethods.WithSecond(begun.Methods, AuthenticationMethods.OneTimeCode))
                {
                    Sso = begun.Sso,
                    IdentityId = begun.IdentityId,
                    Consume = async () => await UseAsync(challenge) && await codes.TryUseAsync(possible),
                };
                var outcome = await completion.CompleteAsync(proof, site, client, by);
                if (outcome is SignInOutcome.Refused(var reason))
                    return await RefuseAsync(person, by, possible.IfWrong, reason: reason);
                return new AnswerOutcome.SignIn(outcome, site.Service);
            case CodeVerdict.Closed(var retryAfter):
                await reports.ReportClosedAsync(person, by, retryAfter);
                return new AnswerOutcome.Closed(retryAfter);
            case CodeVerdict.Wrong(var limits):
                return await RefuseAsync(person, by, limits);
            case CodeVerdict.KeyMissing:
                return new AnswerOutcome.KeyMissing();
            case var other:
                throw new UnreachableException($"{other}");
        }
    }

    /// <summary>Records a refused code. The caller gets the same answer for every reason.</summary>
    private async Task<AnswerOutcome> RefuseAsync(
        Principal? person, AuditActor by, CodeLimits limits = default, string attempted = AuditEvents.SignIn, RefusalReason reason = RefusalReason.WrongCode)
    {
        await reports.RefuseAsync(person, by, limits, attempted, reason);
        return new AnswerOutcome.WrongCode();
    }

    /// <summary>Takes the counted attempt back because the code was not judged, so that the caller does not lose an attempt.</summary>
    private async Task<AnswerOutcome> GiveBackAsync(SignInChallenge challenge, AnswerOutcome outcome)
    {
        await challenges.GiveBackAsync(challenge.IdHash);
        return outcome;
    }

    private Task<bool> UseAsync(SignInChallenge challenge) => challenges.TryUseAsync(challenge.IdHash);
}

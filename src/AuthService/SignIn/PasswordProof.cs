using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;

namespace AuthService.SignIn;

internal abstract record PasswordProofOutcome
{
    private PasswordProofOutcome()
    {
    }

    internal sealed record Right : PasswordProofOutcome;

    internal sealed record Wrong : PasswordProofOutcome;

    internal sealed record Locked(TimeSpan RetryAfter) : PasswordProofOutcome;
}

/// <summary>People show their password in a session that they have. Whoever has only got hold of the session guesses no faster than at a sign-in.</summary>
internal sealed class PasswordProof(Lockout lockout, PasswordHashing hashing)
{
    /// <param name="person">Whose password it is; the caller has seen to it that there is one.</param>
    /// <param name="password">What was typed.</param>
    /// <param name="place">In the queue.</param>
    /// <param name="attempted">What it is for, one of <see cref="AuditEvents"/>.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="requestAborted">Nobody waits for the answer any more.</param>
    public async Task<PasswordProofOutcome> CheckAsync(
        Principal person, Password password, HashingPlace place, string attempted, AuditActor by, CancellationToken requestAborted)
    {
        var name = PrincipalName.Of(person);
        var turn = await lockout.TryBeginAsync(name, device: null, requestAborted);
        if (turn.RetryAfter is { } retryAfter)
        {
            await lockout.ReportLockedAsync(name, retryAfter, by, attempted);
            return new PasswordProofOutcome.Locked(retryAfter);
        }

        var check = await lockout.JudgeAsync(turn.Subject, () => hashing.CheckAsync(password, person.PasswordHash, place, requestAborted));
        if (!check.Matches)
        {
            await lockout.ReportFailureAsync(turn.Subject, person.Id, by, RefusalReason.WrongPassword, attempted);
            return new PasswordProofOutcome.Wrong();
        }

        await lockout.ReportSuccessAsync(turn.Subject);
        return new PasswordProofOutcome.Right();
    }
}

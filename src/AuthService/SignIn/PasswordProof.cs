using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
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

/// <summary>Checks the password of a person who has a session. An attacker who has stolen the session cannot guess faster than at a sign-in.</summary>
internal sealed class PasswordProof(Lockout lockout, PasswordHashing hashing)
{
    /// <param name="person">The person, who must have a password.</param>
    /// <param name="password">The password as typed.</param>
    /// <param name="place">The place in the hashing queue.</param>
    /// <param name="attempted">The audit event that the proof is for, one of <see cref="AuditEvents"/>.</param>
    /// <param name="by">The audit actor.</param>
    /// <param name="requestAborted">Cancelled when the caller disconnects.</param>
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

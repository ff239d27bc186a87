using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.Refusals;
using AuthService.Sessions.PrincipalChanges;

namespace AuthService.SignIn;

internal abstract record PasswordChangeOutcome
{
    private PasswordChangeOutcome()
    {
    }

    /// <summary>The password was changed, and every session of the person was revoked.</summary>
    internal sealed record Changed : PasswordChangeOutcome;

    internal sealed record WrongPassword : PasswordChangeOutcome;

    /// <summary>The person has no password to change; nothing was judged or counted.</summary>
    internal sealed record NoPassword : PasswordChangeOutcome;

    internal sealed record Locked(TimeSpan RetryAfter) : PasswordChangeOutcome;

    /// <param name="Fault">What is wrong with the new password, in words for the person.</param>
    internal sealed record Refused(string Fault) : PasswordChangeOutcome;

    /// <summary>Too many passwords wait to be hashed; no attempt was counted.</summary>
    internal sealed record Busy : PasswordChangeOutcome;

    /// <summary>Somebody else changed the person at the same moment.</summary>
    internal sealed record Conflict : PasswordChangeOutcome;
}

/// <summary>Changes a person's own password after they prove the current one.</summary>
internal sealed class PasswordChangeService(
    PasswordProof proof, PasswordHashing hashing, PasswordPolicy policy, PrincipalChangeService changes, RefusalNotes refusals)
{
    public async Task<PasswordChangeOutcome> ChangeAsync(Principal person, Password current, Password next, AuditActor by, HashingCaller caller)
    {
        if (person.PasswordHash is null)
        {
            refusals.Add(RefusalReason.NoPassword, person.Id);
            return new PasswordChangeOutcome.NoPassword();
        }

        using var place = hashing.TryEnter(HashingShare.SignIns, caller);
        if (place is null)
            return new PasswordChangeOutcome.Busy();
        switch (await proof.CheckAsync(person, current, place, AuditEvents.PasswordSet, by, caller.RequestAborted))
        {
            case PasswordProofOutcome.Locked(var retryAfter):
                return new PasswordChangeOutcome.Locked(retryAfter);
            case PasswordProofOutcome.Wrong:
                return new PasswordChangeOutcome.WrongPassword();
        }

        var fault = next.IsSameAs(current) ? PasswordPolicy.Unchanged : policy.FindFault(next, person);
        if (fault is not null)
            return new PasswordChangeOutcome.Refused(fault);
        var hash = await hashing.HashAsync(next, place, CancellationToken.None); // not cancelled: the attempt is already recorded
        return await changes.TrySetPasswordAsync(person, hash, by) ? new PasswordChangeOutcome.Changed() : new PasswordChangeOutcome.Conflict();
    }
}

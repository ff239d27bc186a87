using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.SignIn;

internal abstract record PasswordResetOutcome
{
    private PasswordResetOutcome()
    {
    }

    internal sealed record Done : PasswordResetOutcome;

    /// <summary>It was issued to nobody, used before, or too long ago.</summary>
    internal sealed record UnknownToken : PasswordResetOutcome;

    /// <summary>The token stays good.</summary>
    /// <param name="Fault">What is wrong with the new password, in words for the person.</param>
    internal sealed record Refused(string Fault) : PasswordResetOutcome;

    /// <summary>Too many passwords wait to be hashed; the token stays good.</summary>
    internal sealed record Busy : PasswordResetOutcome;
}

/// <summary>
/// People set a new password with a token: of whom one is requested they get it for the old one, and who has forgotten the old one by mail.
/// </summary>
internal sealed class PasswordResetService(
    PasswordResetStore resets, PasswordHashing hashing, PasswordPolicy policy, PrincipalChangeService changes, RefusalNotes refusals)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Refuses a sign-in with the right password, on record, until there is a new one.</summary>
    public async Task<PasswordResetToken> IssueAsync(Principal person, AuditActor by)
    {
        var token = await resets.IssueAsync(person, Lifetime, by);
        refusals.Add(RefusalReason.PasswordResetRequested, person.Id);
        return token;
    }

    /// <summary>
    /// Of calls with one token at the same time the first to write wins: it raises the security stamp, which the others write against. A
    /// request that is taken back while the password is hashed voids the token as well.
    /// </summary>
    public async Task<PasswordResetOutcome> ResetAsync(PasswordResetToken token, Password next, AuditActor by, HashingCaller caller)
    {
        if (await resets.FindAsync(token.Hash()) is not var (person, wasMailed))
            return new PasswordResetOutcome.UnknownToken();
        if (policy.FindFault(next, person) is { } fault)
            return new PasswordResetOutcome.Refused(fault);
        using var place = hashing.TryEnter(HashingShare.SignIns, caller);
        if (place is null)
            return new PasswordResetOutcome.Busy();
        if (person.PasswordHash is { } old && await PasswordHashing.MatchesAsync(next, old, place, caller.HungUp))
            return new PasswordResetOutcome.Refused(PasswordPolicy.Unchanged);
        var hash = await hashing.HashAsync(next, place, caller.HungUp);
        return await changes.TryResetPasswordAsync(person, hash, wasMailed, by) ? new PasswordResetOutcome.Done() : new PasswordResetOutcome.UnknownToken();
    }
}

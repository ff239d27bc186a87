using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.Refusals;
using AuthService.Sessions.PrincipalChanges;
using AuthService.Tokens;

namespace AuthService.SignIn;

internal abstract record PasswordResetOutcome
{
    private PasswordResetOutcome()
    {
    }

    internal sealed record Done : PasswordResetOutcome;

    /// <summary>The token was never issued, was used before, is void or has expired.</summary>
    internal sealed record UnknownToken : PasswordResetOutcome;

    /// <summary>The new password was refused; the token remains valid.</summary>
    /// <param name="Fault">What is wrong with the new password, in words for the person.</param>
    internal sealed record Refused(string Fault) : PasswordResetOutcome;

    /// <summary>Too many passwords wait to be hashed; the token remains valid.</summary>
    internal sealed record Busy : PasswordResetOutcome;
}

/// <summary>
/// Sets a new password with a token. A sign-in issues the token when a new password is required;
/// a person who has forgotten the password gets it by mail.
/// </summary>
internal sealed class PasswordResetService(
    PasswordResetStore resets, PasswordHashing hashing, PasswordPolicy policy, PrincipalChangeService changes, RefusalNotes refusals)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Issues a token because a new password is required, and records the sign-in with the right password as refused.</summary>
    public async Task<PasswordResetToken> IssueAsync(Principal person, AuditActor by)
    {
        var token = await resets.IssueAsync(person, Lifetime, by);
        refusals.Add(RefusalReason.PasswordResetRequested, person.Id);
        return token;
    }

    /// <summary>
    /// Sets the new password. When several calls use one token at once, the first to write succeeds: it raises the security stamp, which the others
    /// require to be unchanged. The token is also refused if the new password is no longer required when it is written.
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
        if (person.PasswordHash is { } old && await PasswordHashing.MatchesAsync(next, old, place, caller.RequestAborted))
            return new PasswordResetOutcome.Refused(PasswordPolicy.Unchanged);
        var hash = await hashing.HashAsync(next, place, caller.RequestAborted);
        return await changes.TryResetPasswordAsync(person, hash, wasMailed, by) ? new PasswordResetOutcome.Done() : new PasswordResetOutcome.UnknownToken();
    }
}

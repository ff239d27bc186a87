using AuthService.Audit;
using AuthService.Principals;

namespace AuthService.SignIn;

internal abstract record PasswordChangeOutcome
{
    private PasswordChangeOutcome()
    {
    }

    /// <summary>Every session of the person has ended.</summary>
    internal sealed record Changed : PasswordChangeOutcome;

    internal sealed record WrongPassword : PasswordChangeOutcome;

    internal sealed record Locked(TimeSpan RetryAfter) : PasswordChangeOutcome;

    /// <param name="Fault">What is wrong with the new password, in words for the person.</param>
    internal sealed record Refused(string Fault) : PasswordChangeOutcome;

    /// <summary>Somebody else changed the person at the same moment.</summary>
    internal sealed record Conflict : PasswordChangeOutcome;
}

/// <summary>People change their own password. Whoever has only got hold of their session guesses the current one no faster than at a sign-in.</summary>
internal sealed class PasswordChangeService(Lockout lockout, PasswordHashing hashing, CredentialService credentials)
{
    public async Task<PasswordChangeOutcome> ChangeAsync(Principal person, Password current, Password next, Deed deed)
    {
        var name = PrincipalName.Of(person);
        if (await lockout.TryBeginAsync(name) is { } retryAfter)
        {
            await lockout.ReportLockedAsync(name, deed, AuditEvents.PasswordSet);
            return new PasswordChangeOutcome.Locked(retryAfter);
        }

        if (!(await hashing.CheckAsync(current, person.PasswordHash)).Matches)
        {
            await lockout.ReportFailureAsync(name, person.Id, deed, AuditEvents.PasswordSet);
            return new PasswordChangeOutcome.WrongPassword();
        }

        await lockout.ReportSuccessAsync(name);
        return await credentials.SetAsync(person, next, deed) switch
        {
            ChangeOutcome.Done => new PasswordChangeOutcome.Changed(),
            ChangeOutcome.Refused(var fault) => new PasswordChangeOutcome.Refused(fault),
            _ => new PasswordChangeOutcome.Conflict(),
        };
    }
}

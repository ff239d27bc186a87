using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.PrincipalChanges;
using AuthService.Sessions.Rules;
using AuthService.Tokens;

namespace AuthService.SignIn;

internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    internal sealed record SignedIn(StartedSession Started) : SignInOutcome
    {
        /// <summary>The token that identifies the browser from now on; null when no browser is remembered.</summary>
        public DeviceToken? Device { get; init; }
    }

    /// <summary>The name is unknown, the password is wrong or missing, or the account is disabled; the caller must not be able to tell which.</summary>
    internal sealed record Refused(RefusalReason Reason) : SignInOutcome;

    internal sealed record Locked(TimeSpan RetryAfter) : SignInOutcome;

    /// <summary>The password was right, but it only allows the person to set a new password with this token.</summary>
    internal sealed record PasswordResetRequested(PasswordResetToken Token) : SignInOutcome;

    /// <summary>The first factor was right, and the person has a second factor, which must answer the challenge.</summary>
    internal sealed record SecondFactorOwed(ChallengeId Challenge) : SignInOutcome;

    /// <summary>Too many passwords wait to be hashed; no attempt was counted.</summary>
    internal sealed record Busy : SignInOutcome;
}

/// <summary>A sign-in attempt: what was typed, for which site and from where.</summary>
internal sealed record SignInAttempt(PrincipalName Name, Password Password, SignInSite Site, SignInClient Client)
{
    public required HashingCaller HashingCaller { get; init; }
}

/// <summary>Signs people in with a password.</summary>
internal sealed class SignInService(
    Lockout lockout, PrincipalStore principals, PasswordHashing hashing, PrincipalChangeService changes, SignInCompletion completion)
{
    public async Task<SignInOutcome> SignInAsync(SignInAttempt attempt)
    {
        var by = new AuditActor(Actor: null, attempt.Client.IpAddress);
        using var place = hashing.TryEnter(HashingShare.SignIns, attempt.HashingCaller);
        if (place is null)
            return new SignInOutcome.Busy();
        var turn = await lockout.TryBeginAsync(attempt.Name, attempt.Client.Device, attempt.HashingCaller.RequestAborted);
        if (turn.RetryAfter is { } retryAfter)
        {
            await lockout.ReportLockedAsync(attempt.Name, retryAfter, by);
            return new SignInOutcome.Locked(retryAfter);
        }

        var principal = await principals.FindByNameAsync(attempt.Name);
        var refusal = FindRefusal(principal);
        var hash = refusal is null ? principal!.PasswordHash : null;
        var check = await lockout.JudgeAsync(turn.Subject, () => hashing.CheckAsync(attempt.Password, hash, place, attempt.HashingCaller.RequestAborted));
        if (!check.Matches)
        {
            var reason = refusal ?? RefusalReason.WrongPassword;
            await lockout.ReportFailureAsync(turn.Subject, principal?.Id, by, reason);
            return new SignInOutcome.Refused(reason);
        }

        await lockout.ReportSuccessAsync(turn.Subject);
        if (check.UpgradedHash is { } stronger)
            await principals.ReplaceHashAsync(principal!, stronger);
        var person = check.IsCut ? await RequestNewPasswordAsync(attempt.Name, principal!) : principal;
        var outcome = person is null
            ? new SignInOutcome.Refused(RefusalReason.PrincipalChanged)
            : await completion.CompleteAsync(new Proof(person, [AuthenticationMethods.Password]), attempt.Site, attempt.Client, by);
        if (outcome is SignInOutcome.Refused(var late))
            await lockout.ReportRefusedAsync(principal!.Id, by, late);
        return outcome;
    }

    /// <summary>Requires a new password, because the stored hash covers only the first 72 bytes of the old one and so only these were proved.</summary>
    /// <returns>The person after the change; null when the password or the requirement was changed meanwhile.</returns>
    private async Task<Principal?> RequestNewPasswordAsync(PrincipalName name, Principal person)
    {
        if (person.PasswordResetRequested)
            return person;
        await changes.ApplyAsync(person, new PrincipalUpdate { PasswordResetRequested = true }, AuditActor.Service);
        return await principals.FindByNameAsync(name) is { PasswordResetRequested: true } now && now.PasswordHash == person.PasswordHash ? now : null;
    }

    private static RefusalReason? FindRefusal(Principal? principal) => principal switch
    {
        null => RefusalReason.UnknownPrincipal,
        { Type: not PrincipalType.Person } => RefusalReason.NoPerson,
        { State: PrincipalState.Enabled, PasswordHash: null } => RefusalReason.NoPassword,
        _ => SessionRules.FindRefusal(principal),
    };
}

using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Sessions.Rules;
using AuthService.SignIn.Devices;

namespace AuthService.SignIn;

/// <summary>Finds what prevents a person from signing in, although they have proved who they are.</summary>
internal sealed class SignInObstacles(Lockout lockout, KnownDevices devices, PasswordResetService resets)
{
    public async Task<SignInOutcome?> FindAsync(Proof proof, SignInClient client, AuditActor by)
    {
        var person = proof.Person;
        if (SessionRules.FindRefusal(person) is { } reason)
            return new SignInOutcome.Refused(reason);
        if (await FindLockAsync(person, proof.Methods, client, by) is { } locked)
            return locked;
        return person.PasswordResetRequested ? new SignInOutcome.PasswordResetRequested(await resets.IssueAsync(person, by)) : null;
    }

    /// <summary>Finds the lock of a person's name that holds up a proof by these methods, and records the refusal.</summary>
    public async Task<SignInOutcome.Locked?> FindLockAsync(Principal person, IReadOnlyList<string> methods, SignInClient client, AuditActor by)
    {
        if (!LockoutRecord.HoldsUp(person.LockedUntil, methods.Contains(AuthenticationMethods.Password, StringComparer.Ordinal)))
            return null;
        if (await devices.FindLockAsync(person, client.Device) is not { } retryAfter)
            return null;
        await lockout.ReportLockedAsync(person.Id, retryAfter, by);
        return new SignInOutcome.Locked(retryAfter);
    }
}

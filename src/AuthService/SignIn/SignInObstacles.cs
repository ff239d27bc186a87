using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn.Devices;

namespace AuthService.SignIn;

/// <summary>Finds what prevents a person from signing in, regardless of what they have proved.</summary>
internal sealed class SignInObstacles(Lockout lockout, KnownDevices devices, PasswordResetService resets)
{
    public async Task<SignInOutcome?> FindAsync(Principal person, SignInClient client, AuditActor by)
    {
        if (SessionRules.FindRefusal(person) is { } reason)
            return new SignInOutcome.Refused(reason);
        if (await FindLockAsync(person, client, by) is { } locked)
            return locked;
        return person.PasswordResetRequested ? new SignInOutcome.PasswordResetRequested(await resets.IssueAsync(person, by)) : null;
    }

    /// <summary>Finds the lock of a person's name and records the refusal.</summary>
    public async Task<SignInOutcome.Locked?> FindLockAsync(Principal person, SignInClient client, AuditActor by)
    {
        if (await devices.FindLockAsync(person, client.Device) is not { } retryAfter)
            return null;
        await lockout.ReportLockedAsync(person.Id, retryAfter, by);
        return new SignInOutcome.Locked(retryAfter);
    }
}

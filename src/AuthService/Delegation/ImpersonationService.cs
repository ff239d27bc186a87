using AuthService.Audit;
using AuthService.Principals;
using AuthService.Sessions;

namespace AuthService.Delegation;

internal abstract record ImpersonationOutcome
{
    private ImpersonationOutcome()
    {
    }

    /// <summary>The session acts as somebody else, or as its administrator again.</summary>
    internal sealed record Changed : ImpersonationOutcome;

    internal sealed record UnknownSession : ImpersonationOutcome;

    internal sealed record UnknownUser : ImpersonationOutcome;

    internal sealed record SessionNotEnabled : ImpersonationOutcome;

    internal sealed record UserNotEnabled : ImpersonationOutcome;

    internal sealed record AlreadyImpersonated : ImpersonationOutcome;

    internal sealed record NotImpersonated : ImpersonationOutcome;

    /// <summary>The session's user has not the right, or the other is an administrator.</summary>
    internal sealed record NotAllowed : ImpersonationOutcome;
}

/// <summary>Lets an administrator's session act as somebody else for a while: never nested, never as an administrator.</summary>
internal sealed class ImpersonationService(SessionStore sessions, PrincipalStore principals, TimeProvider clock)
{
    public async Task<ImpersonationOutcome> ImpersonateAsync(Guid id, Guid userUuid, string? reason, Deed deed)
    {
        var now = clock.GetUtcNow();
        if (await FindLivingAsync(id, now) is not { } owned)
            return new ImpersonationOutcome.UnknownSession();
        if (owned.Actor is not null)
            return new ImpersonationOutcome.AlreadyImpersonated();
        if (!SessionRules.IsUsable(owned, now))
            return new ImpersonationOutcome.SessionNotEnabled();
        if (!SessionRules.MayImpersonate(owned.Principal) || owned.Session.IsDelegated)
            return new ImpersonationOutcome.NotAllowed();
        if (await principals.FindPersonAsync(userUuid) is not { State: not PrincipalState.Deleted } user)
            return new ImpersonationOutcome.UnknownUser();
        if (user.Role is Role.Admin)
            return new ImpersonationOutcome.NotAllowed();
        if (user.State is not PrincipalState.Enabled)
            return new ImpersonationOutcome.UserNotEnabled();

        var detail = $"administrator {owned.Principal.Id} as {user.Id}, reason: {AuditText.Printable(reason ?? "none given")}";
        var record = deed.Record(AuditEvents.ImpersonationBegun, now, user.Id, sessionId: id, detail: detail);
        if (await sessions.TryImpersonateAsync(owned.Session, user, now, record))
            return new ImpersonationOutcome.Changed();
        return await FindLivingAsync(id, now) is { Actor: null } ? new ImpersonationOutcome.NotAllowed() : new ImpersonationOutcome.AlreadyImpersonated();
    }

    public async Task<ImpersonationOutcome> RevertAsync(Guid id, Deed deed)
    {
        var now = clock.GetUtcNow();
        if (await FindLivingAsync(id, now) is not { } owned)
            return new ImpersonationOutcome.UnknownSession();
        if (owned.Actor is not { } administrator)
            return new ImpersonationOutcome.NotImpersonated();
        var record = deed.Record(
            AuditEvents.ImpersonationEnded, now, owned.Principal.Id, sessionId: id, detail: $"administrator {administrator.Id} as {owned.Principal.Id}");
        return await sessions.TryRevertAsync(owned.Session, now, record) ? new ImpersonationOutcome.Changed() : new ImpersonationOutcome.NotImpersonated();
    }

    private async Task<OwnedSession?> FindLivingAsync(Guid id, DateTimeOffset now) =>
        await sessions.FindByIdAsync(id) is { } owned && SessionRules.StateOf(owned, now) is not (SessionState.Expired or SessionState.Deleted) ? owned : null;
}

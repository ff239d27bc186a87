using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.Sessions.Rules;

namespace AuthService.Delegation;

internal abstract record ImpersonationOutcome
{
    private ImpersonationOutcome()
    {
    }

    /// <summary>The session impersonates somebody now, or is its administrator's again.</summary>
    internal sealed record Changed : ImpersonationOutcome;

    internal sealed record Refused(RefusalReason Reason) : ImpersonationOutcome;
}

/// <summary>
/// Lets an administrator's session impersonate a person for a while, at the request of the administrator or of the service that opened the session.
/// Impersonations are never nested, and the target is never an administrator.
/// </summary>
internal sealed class ImpersonationService(
    SessionStore sessions, PrincipalStore principals, ImpersonationReports reports, NoticeSender notices, TimeProvider clock)
{
    public async Task<ImpersonationOutcome> ImpersonateAsync(Guid id, Guid userUuid, string? reason, Principal caller, AuditActor by)
    {
        var refusal = await TryImpersonateAsync(id, userUuid, reason, caller, by);
        if (refusal is not (null or RefusalReason.UnknownSession or RefusalReason.UnknownPrincipal))
            await reports.ReportRefusedAsync(id, userUuid, $"{refusal}, {TextOf(reason)}", by);
        return Conclude(id, refusal);
    }

    public async Task<ImpersonationOutcome> RevertAsync(Guid id, AuditActor by) => Conclude(id, await TryRevertAsync(id, by));

    /// <summary>Creates the outcome and notes the reason of a refusal.</summary>
    private ImpersonationOutcome Conclude(Guid id, RefusalReason? refusal)
    {
        if (refusal is not { } reason)
            return new ImpersonationOutcome.Changed();
        reports.Note(id, reason);
        return new ImpersonationOutcome.Refused(reason);
    }

    private static string TextOf(string? reason) => $"reason: {(reason is null ? "none given" : AuditText.Printable(reason))}";

    /// <returns>Null when the session impersonates the user now.</returns>
    private async Task<RefusalReason?> TryImpersonateAsync(Guid id, Guid userUuid, string? reason, Principal caller, AuditActor by)
    {
        var now = clock.GetUtcNow();
        if (await sessions.FindByIdAsync(id) is not { } owned)
            return RefusalReason.UnknownSession;
        if (FindRefusal(owned, caller, now) is { } refusal)
            return refusal;
        if (await principals.FindPersonAsync(userUuid) is not { State: not PrincipalState.Deleted } user)
            return RefusalReason.UnknownPrincipal;
        if (user.Role is Role.Admin)
            return RefusalReason.TargetIsAdministrator;
        if (user.State is not PrincipalState.Enabled)
            return RefusalReason.TargetDisabled;

        var detail = $"administrator {owned.Principal.Id} as {user.Id}, {TextOf(reason)}";
        var start = new ImpersonationStart(owned, user, Service: caller.Number == owned.Principal.Number ? null : caller.Id)
        {
            Entry = new AuditDraft(by, AuditEvents.ImpersonationBegun, user.Id) { SessionId = id, Detail = detail },
            Tell = () => notices.SendAsync(user, ImpersonationNotices.Begun(owned.Principal.Id, now)),
        };
        if (await sessions.TryImpersonateAsync(start, now))
            return null;
        return await sessions.FindByIdAsync(id) is { } after // the change in the meantime explains the failure; without one, the user was changed
            ? FindRefusal(after, caller, now) ?? await TryImpersonateAsync(id, userUuid, reason, caller, by)
            : RefusalReason.UnknownSession;
    }

    private static RefusalReason? FindRefusal(SessionWithPrincipals owned, Principal caller, DateTimeOffset now)
    {
        if (!SessionRules.IsValid(owned, now))
            return SessionRules.FindRefusal(owned, now);
        if (!MayBeginBy(caller, owned))
            return RefusalReason.CallerMayNotImpersonate;
        if (owned.Actor is not null)
            return RefusalReason.Impersonated;
        if (SessionRules.FindRefusal(owned, now) is { } refusal)
            return refusal;
        if (owned.Session.IsDelegated)
            return RefusalReason.SessionDelegated;
        return SessionRules.MayImpersonate(owned.Principal) ? null : RefusalReason.MayNotImpersonate;
    }

    /// <summary>
    /// Returns whether the caller may start an impersonation: only the administrator, or the service that opened the session, because its actions are recorded
    /// under the administrator's name. The id of a session is in every access token, so knowing it proves nothing.
    /// </summary>
    private static bool MayBeginBy(Principal caller, SessionWithPrincipals owned) =>
        caller.Number == (owned.Actor ?? owned.Principal).Number
        || (caller.Type is PrincipalType.Service && caller.Id == owned.Session.OpenedBy);

    /// <returns>Null when the session is its administrator's again.</returns>
    private async Task<RefusalReason?> TryRevertAsync(Guid id, AuditActor by)
    {
        var now = clock.GetUtcNow();
        if (await sessions.FindByIdAsync(id) is not { } owned)
            return RefusalReason.UnknownSession;
        if (!SessionRules.IsValid(owned, now))
            return SessionRules.FindRefusal(owned, now);
        if (owned.Actor is not { } administrator)
            return RefusalReason.NotImpersonated;
        var person = owned.Principal.Id;
        var detail = $"administrator {administrator.Id} as {person}";
        if (await sessions.TryRevertAsync(owned, now, new AuditDraft(by, AuditEvents.ImpersonationEnded, person) { SessionId = id, Detail = detail }))
            return null;
        return await sessions.FindByIdAsync(id) is { } after && SessionRules.IsValid(after, now)
            ? RefusalReason.NotImpersonated
            : RefusalReason.UnknownSession;
    }
}

using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Sessions;

internal abstract record OpenOutcome
{
    private OpenOutcome()
    {
    }

    internal sealed record Opened(SessionWithPrincipals Owned) : OpenOutcome;

    /// <summary>The cookie domain is not among the configured ones.</summary>
    internal sealed record InvalidCookieDomain : OpenOutcome;

    internal sealed record Refused(RefusalReason Reason) : OpenOutcome;
}

/// <summary>Opens sessions without tokens for internal services, which manage them.</summary>
internal sealed class SessionOpeningService(
    SessionStore sessions, PrincipalStore principals, IOptionsMonitor<SessionOptions> options, TimeProvider clock, RefusalNotes refusals)
{
    public async Task<OpenOutcome> OpenAsync(SessionOpening opening, AuditActor by)
    {
        if (opening.CookieDomain is { } domain && !options.CurrentValue.CookieDomains.Contains(domain, StringComparer.OrdinalIgnoreCase))
            return new OpenOutcome.InvalidCookieDomain();
        while (true)
        {
            var user = await principals.FindPersonAsync(opening.UserUuid);
            if (FindRefusal(user) is { } refusal)
            {
                refusals.Add(refusal, user?.Id);
                return new OpenOutcome.Refused(refusal);
            }

            if (await TryOpenAsync(opening, user!, by) is { } opened)
                return new OpenOutcome.Opened(opened);
        }
    }

    private static RefusalReason? FindRefusal(Principal? user) => user switch
    {
        null or { State: PrincipalState.Deleted } => RefusalReason.UnknownPrincipal,
        { State: not PrincipalState.Enabled } => RefusalReason.PrincipalDisabled,
        { AgreementAccepted: false } => RefusalReason.AgreementNotAccepted,
        { PasswordResetRequested: true } => RefusalReason.PasswordResetRequested,
        _ => null,
    };

    /// <returns>Null when the person was changed since they were read.</returns>
    private async Task<SessionWithPrincipals?> TryOpenAsync(SessionOpening opening, Principal user, AuditActor by)
    {
        var limits = SessionLimits.From(options.CurrentValue, opening.PublicComputer);
        var session = SessionService.New(user, limits, ScopeSet.AllWrite.ToArray(), clock.GetUtcNow()) with
        {
            State = opening.Enable ? SessionState.Enabled : SessionState.New,
            SsoProvider = opening.SsoProvider,
            SsoIdentifier = opening.SsoIdentifier,
            PublicComputer = opening.PublicComputer,
            MobileDevice = opening.MobileDevice,
            CookieDomain = opening.CookieDomain,
            OpenedBy = by.Actor,
        };
        return await sessions.TryAddAsync(session, new AuditDraft(by, AuditEvents.SessionOpened, user.Id) { SessionId = session.Id })
            ? new SessionWithPrincipals(session, user, Actor: null)
            : null;
    }
}

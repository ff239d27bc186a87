using System.Text.Json.Nodes;
using AuthService.Audit;

namespace AuthService.Signals;

/// <summary>Maps audit entries to events (src/AuthService/README.md#shared-signals has the table). It reads nothing but its arguments.</summary>
internal sealed class SignalMapping(string issuer)
{
    private static readonly string[] EndingChanges = ["role=", "state=", "password"];

    /// <summary>Checks whether several sessions can end with this entry.</summary>
    public static bool MayEndSeveral(AuditEntry entry) => entry.Event is AuditEvents.PasswordSet
        or AuditEvents.PrincipalChanged or AuditEvents.NotMeReported or AuditEvents.PrincipalDeleted or AuditEvents.RefreshTokenRenewed
        || entry is { Event: AuditEvents.SessionRevoked, Detail: not null } or { Event: AuditEvents.SecondFactorRemoved, Detail: not RemovedFactors.App };

    public IReadOnlyList<Signal> Of(SignalFacts facts) => facts.Entry switch
    {
        { Outcome: not AuditOutcome.Success } => [],
        { Event: AuditEvents.SessionRevoked, Detail: not null } => [.. Several(facts)],
        { Event: AuditEvents.SignOut or AuditEvents.SessionRevoked or AuditEvents.ImpersonationEnded } => [.. OneSession(facts)],
        { Event: AuditEvents.PrincipalChanged, Principal: { } id } => [.. OfChange(facts, id)],
        { Principal: { } id } => [.. OfCredentials(facts, id), .. OfAddress(facts, id), .. Purged(facts, id), .. AllOf(facts, id)],
        _ => [],
    };

    private IEnumerable<Signal> OneSession(SignalFacts facts)
    {
        if (facts.Entry is { Principal: { } principal, SessionId: { } session })
            yield return SessionRevoked(facts, SignalSubject.Session(issuer, principal, session));
    }

    /// <summary>
    /// Maps the end of several sessions. The entry's detail contains their number, and after a comma which sessions of the principal remain.
    /// </summary>
    private IEnumerable<Signal> Several(SignalFacts facts) => facts.Entry switch
    {
        { Principal: { } principal, SessionId: null } when !facts.Entry.Detail!.Contains(',', StringComparison.Ordinal) => AllSessionsOf(facts, principal),
        _ => Each(facts, facts.Ended),
    };

    private IEnumerable<Signal> OfChange(SignalFacts facts, string id)
    {
        var subject = SignalSubject.Principal(issuer, id);
        if (facts.Changed.Contains("state=DISABLED", StringComparer.Ordinal))
            yield return new Signal(SignalEvents.AccountDisabled, subject, []);
        if (facts.Changed.Contains("state=ENABLED", StringComparer.Ordinal))
            yield return new Signal(SignalEvents.AccountEnabled, subject, []);
        if (facts.ClaimsOf(facts.Changed) is { Count: > 0 } claims)
            yield return ClaimsChange(facts, id, claims);
        if (facts.Changed.Contains("password", StringComparer.Ordinal))
            yield return CredentialChange(facts, id, "password", "update");
        var endsAll = facts.Changed.Any(name => EndingChanges.Any(change => name.StartsWith(change, StringComparison.Ordinal)));
        foreach (var signal in endsAll ? AllOf(facts, id) : Each(facts, facts.Ended))
            yield return signal;
    }

    private IEnumerable<Signal> OfCredentials(SignalFacts facts, string id) => (facts.Entry.Event switch
    {
        AuditEvents.PasswordSet => [("password", "update")],
        AuditEvents.SecondFactorConnected => [("app", "create")],
        AuditEvents.SecondFactorRemoved when facts.Entry.Detail is RemovedFactors.App => [("app", "delete")],
        // An earlier version wrote no detail when somebody else removed all factors.
        AuditEvents.SecondFactorRemoved when facts is { Entry.Detail: null, IsByThemselves: true } => [("app", "delete")],
        AuditEvents.SecondFactorRemoved => [("app", "delete"), ("passkey", "delete")],
        AuditEvents.RecoveryCodesReplaced => [("recovery-codes", "update")],
        AuditEvents.PasskeyAdded => [("passkey", "create")],
        AuditEvents.PasskeyRemoved => [("passkey", "delete")],
        AuditEvents.NotMeReported => [("password", "revoke"), ("recovery-codes", "revoke")],
        AuditEvents.ApiKeyCreated => [("api-key", "create")],
        AuditEvents.ApiKeyRevoked => [("api-key", "revoke")],
        AuditEvents.RefreshTokenRenewed => [("refresh-token", "update")],
        _ => Array.Empty<(string Type, string Change)>(),
    }).Select(change => CredentialChange(facts, id, change.Type, change.Change));

    private IEnumerable<Signal> OfAddress(SignalFacts facts, string id)
    {
        if (facts.Entry.Event is AuditEvents.EmailConfirmed or AuditEvents.NotMeReported && facts.ClaimsOf(["email"]) is { Count: > 0 } claims)
            yield return ClaimsChange(facts, id, claims);
    }

    private IEnumerable<Signal> Purged(SignalFacts facts, string id)
    {
        if (facts.Entry.Event is AuditEvents.PrincipalDeleted)
            yield return new Signal(SignalEvents.AccountPurged, SignalSubject.Principal(issuer, id), []);
    }

    /// <summary>Reports that all sessions of the principal ended; reports nothing when no session ended.</summary>
    private IEnumerable<Signal> AllOf(SignalFacts facts, string principal) => facts.Ended.Count == 0 ? [] : AllSessionsOf(facts, principal);

    /// <summary>Reports the end of all sessions of a principal, and of each session in which they acted as somebody else.</summary>
    private IEnumerable<Signal> AllSessionsOf(SignalFacts facts, string principal) =>
    [
        SessionRevoked(facts, SignalSubject.Principal(issuer, principal)),
        .. Each(facts, facts.Ended.Where(ended => ended.Principal != principal)),
    ];

    private IEnumerable<Signal> Each(SignalFacts facts, IEnumerable<EndedSessionScope> ended) =>
        ended.Select(one => SessionRevoked(facts, SubjectOf(one)));

    private JsonObject SubjectOf(EndedSessionScope ended) => ended switch
    {
        { Principal: { } principal, Session: { } session } => SignalSubject.Session(issuer, principal, session),
        { Principal: { } principal } => SignalSubject.Principal(issuer, principal),
        _ => SignalSubject.Everybody(issuer),
    };

    private static Signal SessionRevoked(SignalFacts facts, JsonObject subject) => new(SignalEvents.SessionRevoked, subject, Caep(facts));

    private Signal ClaimsChange(SignalFacts facts, string id, JsonObject claims)
    {
        var content = Caep(facts);
        content["claims"] = claims;
        return new Signal(SignalEvents.TokenClaimsChange, SignalSubject.Principal(issuer, id), content);
    }

    private Signal CredentialChange(SignalFacts facts, string id, string type, string change)
    {
        var content = Caep(facts);
        (content["credential_type"], content["change_type"]) = (type, change);
        return new Signal(SignalEvents.CredentialChange, SignalSubject.Principal(issuer, id), content);
    }

    /// <summary>Creates the members of every CAEP event (section 2; the interoperability profile requires a reason).</summary>
    private static JsonObject Caep(SignalFacts facts) => new()
    {
        ["event_timestamp"] = facts.Entry.At.ToUnixTimeSeconds(),
        ["initiating_entity"] = facts.Initiator,
        ["reason_admin"] = new JsonObject { ["en"] = facts.Entry.Event },
    };
}

using System.Diagnostics;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Principals.Passwords;
using AuthService.Sessions;
using AuthService.Sessions.AccessTokens;
using AuthService.SignIn.SecondFactors;
using AuthService.Storage;

namespace AuthService.SignIn;

internal abstract record ReauthenticationOutcome
{
    private ReauthenticationOutcome()
    {
    }

    internal sealed record Proved(string AccessToken) : ReauthenticationOutcome;

    internal sealed record WrongPassword : ReauthenticationOutcome;

    internal sealed record WrongCode : ReauthenticationOutcome;

    /// <summary>Something is wrong with the browser's answer; the caller must not be able to tell what.</summary>
    internal sealed record WrongPasskey : ReauthenticationOutcome;

    /// <summary>No code is judged after too many wrong ones.</summary>
    internal sealed record CodesClosed(TimeSpan RetryAfter) : ReauthenticationOutcome;

    /// <summary>The encryption key of the authenticator app's secret is not configured; nothing was counted.</summary>
    internal sealed record KeyMissing : ReauthenticationOutcome;

    internal sealed record Locked(TimeSpan RetryAfter) : ReauthenticationOutcome;

    /// <summary>Too many passwords wait to be hashed; no attempt was counted.</summary>
    internal sealed record Busy : ReauthenticationOutcome;

    /// <summary>The session was revoked meanwhile.</summary>
    internal sealed record Revoked : ReauthenticationOutcome;
}

/// <summary>Lets a person prove again in a session who they are, for changes that require a recent proof (RFC 9470).</summary>
internal sealed class ReauthenticationService(
    PasswordHashing hashing, PasswordProof passwords, CodeVerifier codes, SecondFactorReports reports, SessionProof sessions)
{
    /// <summary>
    /// Takes the password as a proof. The caller has checked that a password counts (<see cref="FactorSummary.ProofsIn"/>).
    /// If the person has a second factor, the password is only the first step: the session's earlier proofs are dropped, and the code must follow.
    /// </summary>
    public async Task<ReauthenticationOutcome> ProveAsync(
        SessionWithPrincipals owned, FactorSummary has, Password password, AuditActor by, HashingCaller caller)
    {
        using var place = hashing.TryEnter(HashingShare.SignIns, caller);
        if (place is null)
            return new ReauthenticationOutcome.Busy();
        switch (await passwords.CheckAsync(owned.Principal, password, place, AuditEvents.Reauthenticated, by, caller.RequestAborted))
        {
            case PasswordProofOutcome.Locked(var retryAfter):
                return new ReauthenticationOutcome.Locked(retryAfter);
            case PasswordProofOutcome.Wrong:
                return new ReauthenticationOutcome.WrongPassword();
        }

        var methods = AuthenticationMethods.With(has.HasAny ? null : owned.Session.AuthenticationMethods, AuthenticationMethods.Password);
        return await sessions.TryProveAsync(owned, methods, () => Task.FromResult(true), by) is { } token
            ? new ReauthenticationOutcome.Proved(token)
            : new ReauthenticationOutcome.Revoked();
    }

    /// <summary>
    /// Takes a code as a proof. The caller has checked that a code counts in this session. If the person had no authenticator app then,
    /// no code is judged, because an app could be connected meanwhile.
    /// </summary>
    public async Task<ReauthenticationOutcome> ProveAsync(SessionWithPrincipals owned, FactorSummary has, VerificationCode code, AuditActor by)
    {
        var person = owned.Principal;
        if (!has.HasTotp)
        {
            await reports.RefuseAsync(person, by, attempted: AuditEvents.Reauthenticated);
            return new ReauthenticationOutcome.WrongCode();
        }

        switch (await codes.JudgeAsync(person.Number, code))
        {
            case CodeVerdict.Possible possible:
                var methods = AuthenticationMethods.WithSecond(owned.Session.AuthenticationMethods, AuthenticationMethods.OneTimeCode);
                if (await sessions.TryProveAsync(owned, methods, () => codes.TryUseAsync(possible), by) is { } token)
                    return new ReauthenticationOutcome.Proved(token);
                await reports.RefuseAsync(person, by, possible.IfWrong, AuditEvents.Reauthenticated);
                return new ReauthenticationOutcome.WrongCode();
            case CodeVerdict.Closed(var retryAfter):
                await reports.ReportClosedAsync(person, by, retryAfter, AuditEvents.Reauthenticated);
                return new ReauthenticationOutcome.CodesClosed(retryAfter);
            case CodeVerdict.Wrong(var limits):
                await reports.RefuseAsync(person, by, limits, AuditEvents.Reauthenticated);
                return new ReauthenticationOutcome.WrongCode();
            case CodeVerdict.KeyMissing:
                return new ReauthenticationOutcome.KeyMissing();
            case var other:
                throw new UnreachableException($"{other}");
        }
    }
}

/// <summary>Records in a session that its person has just proved who they are.</summary>
internal sealed class SessionProof(SessionStore sessions, AccessTokenIssuer issuer, Store store, TimeProvider clock)
{
    /// <returns>An access token that carries the proof; null when the session has ended or the proof was used before.</returns>
    public async Task<string?> TryProveAsync(SessionWithPrincipals owned, string[] methods, Func<Task<bool>> use, AuditActor by)
    {
        var proved = await store.InTransactionOfAsync(by, clock, async now =>
        {
            if (!await use() || !await sessions.TryProveWithinAsync(owned.Session, now, methods))
                return null;
            await store.InsertAsync(by.CreateEntry(
                AuditEvents.Reauthenticated, now, owned.Principal.Id, sessionId: owned.Session.Id, detail: string.Join(' ', methods)));
            return owned.Session with { AuthenticatedAt = now, AuthenticationMethods = methods };
        }, isKept: session => session is not null);
        return proved is null ? null : issuer.IssueFor(owned with { Session = proved });
    }
}

using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Sessions;
using AuthService.Tokens;

namespace AuthService.SignIn.SecondFactors;

/// <summary>Connects an authenticator app with its first code. The session in which this began then counts as one with two factors.</summary>
internal sealed class FactorConnection(SecondFactorStore factors, SessionStore sessions, TotpSecrets secrets, FactorChanges changes)
{
    /// <param name="challenge">The challenge, which began in a session of the person.</param>
    /// <param name="person">The person as they are now.</param>
    /// <param name="code">The first code of the app.</param>
    /// <param name="use">Uses up the challenge.</param>
    /// <param name="by">The audit actor.</param>
    public async Task<bool> TryConnectAsync(SignInChallenge challenge, Principal person, VerificationCode code, Func<Task<bool>> use, AuditActor by)
    {
        var secret = new SealedValue(challenge.KeyId!, challenge.SealedSecret!);
        if (secrets.FindStep(secret, person.Number, code) is not { } step
            || await sessions.FindByIdAsync(challenge.SessionId!.Value) is not { Session: var session })
        {
            return false;
        }

        var entitled = by with { Entitlement = new Entitlement(person.Number, person.SecurityStamp) { SessionId = session.Id } };
        return await changes.TryMakeAsync(
            person,
            async now => await use() && await factors.TryConnectAsync(FactorOf(person, secret, step, now))
                && await changes.TryRaiseAsync(session, AuthenticationMethods.OneTimeCode)
                    ? new FactorChange(AuditEvents.SecondFactorConnected, FactorNotices.AppAdded) { SessionId = session.Id }
                    : null,
            entitled);
    }

    private static TotpFactor FactorOf(Principal person, SealedValue secret, long step, DateTimeOffset now) => new()
    {
        PrincipalNumber = person.Number,
        KeyId = secret.KeyId,
        SealedSecret = secret.Bytes,
        LastStep = step,
        ConnectedAt = now,
    };
}

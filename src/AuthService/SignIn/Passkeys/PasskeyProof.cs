using AuthService.Audit;
using AuthService.Sessions;

namespace AuthService.SignIn.Passkeys;

/// <summary>Lets a person prove in their session with a passkey who they are.</summary>
internal sealed class PasskeyProof(PasskeyCeremonies ceremonies, PasskeyStore passkeys, PasskeyReports reports, SessionProof sessions)
{
    public Task<PasskeyPrompt> BeginAsync(SessionWithPrincipals owned) => ceremonies.BeginProofAsync(owned.Principal, owned.Session.Id);

    public async Task<ReauthenticationOutcome> ProveAsync(SessionWithPrincipals owned, PasskeyAnswer answer, AuditActor by)
    {
        if (await ceremonies.TryProveAsync(answer, owned.Session.Id) is { } used && used.Person.Number == owned.Principal.Number)
        {
            var methods = AuthenticationMethods.WithSecond(owned.Session.AuthenticationMethods, used.Method);
            if (await sessions.TryProveAsync(owned, methods, () => passkeys.TryUseAsync(used.Person.Number, used, reports.Now), by) is { } token)
                return new ReauthenticationOutcome.Proved(token);
        }

        await reports.RefuseAsync(owned.Principal, by, AuditEvents.Reauthenticated);
        return new ReauthenticationOutcome.WrongPasskey();
    }
}

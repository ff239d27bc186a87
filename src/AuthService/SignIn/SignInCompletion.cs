using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.SignIn.Devices;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;

namespace AuthService.SignIn;

/// <summary>What somebody has shown of who they are.</summary>
/// <param name="Person">As they were read.</param>
/// <param name="Methods">How (<see cref="AuthenticationMethods"/>).</param>
internal sealed record Proof(Principal Person, string[] Methods)
{
    /// <summary>The identity provider that has seen to it, if one has.</summary>
    public SsoOrigin? Sso { get; init; }

    /// <summary>The linked account there that was used.</summary>
    public Guid? IdentityId { get; init; }

    /// <summary>The passkey that was used.</summary>
    public Guid? PasskeyId { get; init; }

    /// <summary>Uses up what was shown, in the transaction that makes the session.</summary>
    public Func<Task<bool>>? Consume { get; init; }
}

/// <summary>
/// What every sign-in ends in once it is proved who signs in, whatever it was proved with: a session, or what keeps the person from one. No
/// other code makes sessions for people who sign in.
/// </summary>
internal sealed class SignInCompletion(
    SessionService sessions, SignInObstacles obstacles, OwedFactors owed, SignInSites sites, KnownDevices devices)
{
    public async Task<SignInOutcome> CompleteAsync(Proof proof, SignInSite site, SignInClient client, AuditActor by)
    {
        var person = proof.Person;
        if (await obstacles.FindAsync(person, client, by) is { } obstacle)
            return obstacle;
        var start = StartOf(proof, site, client);
        if (!AuthenticationMethods.AreSeveral(proof.Methods))
        {
            if (site.RemembersDevices && await devices.MaySkipSecondStepAsync(person, client.Device))
                start = start with { Methods = AuthenticationMethods.With(proof.Methods, AuthenticationMethods.TrustedDevice) };
            else
                return await CompleteWithOneFactorAsync(start, proof, site, client, by);
        }

        return await TryStartAsync(start, proof, client, by) ?? new SignInOutcome.Refused(RefusalReason.WrongCode);
    }

    /// <summary>Before what is shown is judged, where that would count: a sign-in to a locked name ends here, and is on record.</summary>
    public Task<SignInOutcome.Locked?> FindLockAsync(Principal person, SignInClient client, AuditActor by) => obstacles.FindLockAsync(person, client, by);

    /// <returns>The site of a sign-in that goes on; null when it is no longer configured.</returns>
    public SignInSite? FindSite(SignInChallenge challenge) => sites.Find(challenge.Service, challenge.PublicComputer);

    /// <summary>Whether another one is owed is asked again where the session is made: an app may be connected meanwhile.</summary>
    private async Task<SignInOutcome> CompleteWithOneFactorAsync(SessionStart start, Proof proof, SignInSite site, SignInClient client, AuditActor by)
    {
        if (await owed.FindAsync(proof.Person, SignInSoFar.Of(proof), site, by) is { } challenge)
            return new SignInOutcome.SecondFactorOwed(challenge);
        var alone = start with
        {
            Consume = async () => !await owed.IsOwedAsync(start.Principal) && (start.Consume is not { } consume || await consume()),
        };
        if (await TryStartAsync(alone, proof, client, by) is { } started)
            return started;
        return await owed.FindAsync(proof.Person, SignInSoFar.Of(proof), site, by) is { } late
            ? new SignInOutcome.SecondFactorOwed(late)
            : new SignInOutcome.Refused(RefusalReason.WrongCode);
    }

    /// <summary>Remembers the browser in the transaction that makes the session; applications have none.</summary>
    /// <returns>Null when somebody else used up what was shown, or another factor is owed by now.</returns>
    private async Task<SignInOutcome?> TryStartAsync(SessionStart start, Proof proof, SignInClient client, AuditActor by)
    {
        if (start.Mode is not SessionMode.Web)
            return OutcomeOf(await sessions.TryStartAsync(start, by), device: null);
        DeviceToken? device = null;
        var remembering = start with
        {
            Consume = async () =>
            {
                if (start.Consume is { } consume && !await consume())
                    return false;
                if (start.PublicComputer)
                    await devices.TellOfPublicComputerAsync(proof, client);
                else
                    device = await devices.RememberAsync(proof, client);
                return true;
            },
        };
        return OutcomeOf(await sessions.TryStartAsync(remembering, by), device);
    }

    private static SignInOutcome? OutcomeOf((SessionStartResult Result, StartedSession? Started) start, DeviceToken? device) => start switch
    {
        (SessionStartResult.Started, { } started) => new SignInOutcome.SignedIn(started) { Device = device },
        (SessionStartResult.PrincipalChanged, _) => new SignInOutcome.Refused(RefusalReason.PrincipalChanged),
        _ => null,
    };

    private SessionStart StartOf(Proof proof, SignInSite site, SignInClient client) => new(
        proof.Person, proof.Methods, site.Service.Mode, sites.LimitsOf(site))
    {
        Consume = proof.Consume,
        Sso = proof.Sso,
        Replaced = site.Service.Mode is SessionMode.Web ? client.RefreshToken : null,
        PublicComputer = site.PublicComputer,
        IpAddress = client.IpAddress,
        UserAgent = client.UserAgent,
        Location = client.Location,
    };
}

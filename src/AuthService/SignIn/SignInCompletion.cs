using AuthService.Audit;
using AuthService.Principals;
using AuthService.Refusals;
using AuthService.Sessions;
using AuthService.SignIn.Devices;
using AuthService.SignIn.SecondFactors;
using AuthService.Tokens;

namespace AuthService.SignIn;

/// <summary>A person's proof of who they are.</summary>
/// <param name="Person">The person as read.</param>
/// <param name="Methods">The authentication methods used (<see cref="AuthenticationMethods"/>).</param>
internal sealed record Proof(Principal Person, string[] Methods)
{
    /// <summary>The identity provider that has verified the person, if any.</summary>
    public SsoOrigin? Sso { get; init; }

    /// <summary>The linked account at the identity provider that was used.</summary>
    public Guid? IdentityId { get; init; }

    /// <summary>The passkey that was used.</summary>
    public Guid? PasskeyId { get; init; }

    /// <summary>Uses up the proof, in the transaction that creates the session; false when it cannot be used any more.</summary>
    public Func<Task<bool>>? Consume { get; init; }
}

/// <summary>
/// Completes every sign-in once the person is proved, regardless of the kind of proof: creates a session, or returns what prevents it.
/// No other code creates sessions for people who sign in.
/// </summary>
internal sealed class SignInCompletion(
    SessionService sessions, SignInObstacles obstacles, OwedFactors owed, SignInSites sites, KnownDevices devices)
{
    public async Task<SignInOutcome> CompleteAsync(Proof proof, SignInSite site, SignInClient client, AuditActor by)
    {
        var person = proof.Person;
        if (await obstacles.FindAsync(proof, client, by) is { } obstacle)
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

    /// <summary>
    /// Finds the lock of a person's name and records the refusal. It is called before a code is judged, because a judged code counts.
    /// </summary>
    public Task<SignInOutcome.Locked?> FindLockAsync(Principal person, SignInSoFar begun, SignInClient client, AuditActor by) =>
        obstacles.FindLockAsync(person, begun.Methods, client, by);

    /// <returns>The site of a sign-in that continues; null when it is no longer configured.</returns>
    public SignInSite? FindSite(SignInChallenge challenge) => sites.Find(challenge.Service, challenge.PublicComputer);

    /// <summary>
    /// Completes a sign-in with one factor. The transaction that creates the session checks again that no second factor is owed,
    /// because an authenticator app may be connected meanwhile.
    /// </summary>
    private async Task<SignInOutcome> CompleteWithOneFactorAsync(SessionStart start, Proof proof, SignInSite site, SignInClient client, AuditActor by)
    {
        if (await owed.FindAsync(proof.Person, SignInSoFar.Of(proof), site, by) is { } challenge)
            return new SignInOutcome.SecondFactorOwed(challenge);
        var alone = start with { Steps = [async () => !await owed.IsOwedAsync(start.Principal), .. start.Steps] };
        if (await TryStartAsync(alone, proof, client, by) is { } started)
            return started;
        return await owed.FindAsync(proof.Person, SignInSoFar.Of(proof), site, by) is { } late
            ? new SignInOutcome.SecondFactorOwed(late)
            : new SignInOutcome.Refused(RefusalReason.WrongCode);
    }

    /// <summary>Creates the session and remembers the browser in the same transaction. An application has no browser to remember.</summary>
    /// <returns>Null when the proof was used up meanwhile, or a second factor is owed by now.</returns>
    private async Task<SignInOutcome?> TryStartAsync(SessionStart start, Proof proof, SignInClient client, AuditActor by)
    {
        if (start.Mode is not SessionMode.Web)
            return OutcomeOf(await sessions.TryStartAsync(start, by), device: null);
        DeviceToken? device = null;
        return OutcomeOf(await sessions.TryStartAsync(start with { Steps = [.. start.Steps, RememberAsync] }, by), device);

        async Task<bool> RememberAsync()
        {
            if (start.PublicComputer)
                await devices.TellOfPublicComputerAsync(proof, client);
            else
                device = await devices.RememberAsync(proof, client);
            return true;
        }
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
        Steps = proof.Consume is { } consume ? [consume] : [],
        Sso = proof.Sso,
        Replaced = site.Service.Mode is SessionMode.Web ? client.RefreshToken : null,
        PublicComputer = site.PublicComputer,
        IpAddress = client.IpAddress,
        UserAgent = client.UserAgent,
        Location = client.Location,
    };
}

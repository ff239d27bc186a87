using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Tokens;
using OtpNet;

namespace AuthService.SignIn.SecondFactors;

/// <summary>The data for connecting an authenticator app.</summary>
/// <param name="Id">The id of the challenge that the app's first code answers.</param>
/// <param name="Address">The otpauth address, which the QR code shows.</param>
/// <param name="Secret">The secret in base32, for typing.</param>
internal sealed record FactorSetUp(ChallengeId Id, string Address, string Secret);

internal abstract record SetUpOutcome
{
    private SetUpOutcome()
    {
    }

    internal sealed record Begun(FactorSetUp SetUp) : SetUpOutcome;

    internal sealed record AlreadyConnected : SetUpOutcome;

    internal sealed record NotEntitled : SetUpOutcome;

    /// <summary>Secrets are stored encrypted, and no encryption key is configured.</summary>
    internal sealed record KeyMissing : SetUpOutcome;
}

/// <summary>Connects and removes a person's authenticator app, and creates recovery codes.</summary>
internal sealed class SecondFactorService(
    SecondFactorStore factors, SignInChallengeStore challenges, TotpSecrets secrets, FactorChanges changes, TimeProvider clock)
{
    private const int RecoveryCodes = 10;

    /// <param name="person">The owner of the app.</param>
    /// <param name="session">The id of the session in which it is connected.</param>
    /// <param name="isEntitled">Called under the person's row lock. It sees a passkey that was added before; one that is added later voids the
    /// set-up.</param>
    public Task<SetUpOutcome> BeginSetUpAsync(Principal person, Guid session, Func<Task<bool>> isEntitled) => challenges.InSetUpAsync(person, async () =>
    {
        if (await factors.HasTotpAsync(person))
            return new SetUpOutcome.AlreadyConnected();
        if (!await isEntitled())
            return new SetUpOutcome.NotEntitled();
        if (!secrets.CanBeKept)
            return (SetUpOutcome)new SetUpOutcome.KeyMissing();
        var (id, secret) = (ChallengeId.New(), TotpSecrets.New());
        var kept = secrets.Seal(person, secret);
        await challenges.ReplaceSetUpAsync(new SignInChallenge
        {
            IdHash = id.Hash(),
            Kind = ChallengeKind.SetUp,
            PrincipalNumber = person.Number,
            SecurityStamp = person.SecurityStamp,
            SessionId = session,
            KeyId = kept.KeyId,
            SealedSecret = kept.Bytes,
            ExpireAt = clock.GetUtcNow() + SignInChallenge.Lifetime,
        });
        return new SetUpOutcome.Begun(new FactorSetUp(id, secrets.AddressOf(person, secret), Base32Encoding.ToString(secret)));
    });

    /// <returns>The codes, which are shown once; null without an authenticator app.</returns>
    public async Task<IReadOnlyList<RecoveryCode>?> ReplaceRecoveryCodesAsync(Principal person, AuditActor by)
    {
        RecoveryCode[] codes = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => RecoveryCode.New())];
        var replaced = await changes.TryMakeAsync(
            person,
            async _ => await factors.TryReplaceRecoveryCodesAsync(person.Number, codes)
                ? new FactorChange(AuditEvents.RecoveryCodesReplaced, FactorNotices.RecoveryCodesMade)
                : null,
            by);
        return replaced ? codes : null;
    }

    /// <summary>Removes the app and the recovery codes; sessions stay.</summary>
    public Task<bool> TryRemoveAsync(Principal person, AuditActor by) => changes.TryMakeAsync(
        person,
        async _ => await factors.TryRemoveAsync(person.Number) ? new FactorChange(AuditEvents.SecondFactorRemoved, FactorNotices.AppRemoved) : null,
        by);
}

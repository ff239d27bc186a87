using AuthService.Audit;
using AuthService.Notices;
using AuthService.Principals;
using AuthService.Tokens;
using OtpNet;

namespace AuthService.SignIn.SecondFactors;

/// <summary>What an authenticator app needs to be connected.</summary>
/// <param name="Id">The challenge that its first code answers.</param>
/// <param name="Address">The otpauth address, which the QR code shows.</param>
/// <param name="Secret">In base32, to be typed.</param>
internal sealed record FactorSetUp(ChallengeId Id, string Address, string Secret);

internal abstract record SetUpOutcome
{
    private SetUpOutcome()
    {
    }

    internal sealed record Begun(FactorSetUp SetUp) : SetUpOutcome;

    internal sealed record AlreadyConnected : SetUpOutcome;

    internal sealed record NotEntitled : SetUpOutcome;

    /// <summary>Secrets are kept encrypted, and no key is configured.</summary>
    internal sealed record KeyMissing : SetUpOutcome;
}

/// <summary>People connect and remove their authenticator app, and get recovery codes.</summary>
internal sealed class SecondFactorService(
    SecondFactorStore factors, SignInChallengeStore challenges, TotpSecrets secrets, FactorChanges changes, TimeProvider clock)
{
    private const int RecoveryCodes = 10;

    /// <param name="person">Whose app it is.</param>
    /// <param name="session">In which it is connected.</param>
    /// <param name="isEntitled">Asked while nobody else connects anything: a passkey that comes later voids the set-up, of an earlier one this knows.</param>
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

    public Task<FactorSummary> SummarizeAsync(Principal person) => factors.SummarizeAsync(person);

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

    /// <summary>Recovery codes go with the app; sessions stay.</summary>
    public Task<bool> TryRemoveAsync(Principal person, AuditActor by) => changes.TryMakeAsync(
        person,
        async _ => await factors.TryRemoveAsync(person.Number) ? new FactorChange(AuditEvents.SecondFactorRemoved, FactorNotices.AppRemoved) : null,
        by);
}

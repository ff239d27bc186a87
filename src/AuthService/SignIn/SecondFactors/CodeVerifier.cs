namespace AuthService.SignIn.SecondFactors;

internal abstract record CodeVerdict
{
    private CodeVerdict()
    {
    }

    /// <summary>The code may be right. <see cref="CodeVerifier.TryUseAsync"/> decides, once.</summary>
    /// <param name="Person">The number of the person.</param>
    /// <param name="Step">The time step of the code; null for a recovery code.</param>
    /// <param name="RecoveryHash">The hash of a recovery code; null for an authenticator code.</param>
    /// <param name="IfWrong">The limits that are reached if this code is wrong.</param>
    internal sealed record Possible(long Person, long? Step, byte[]? RecoveryHash, CodeLimits IfWrong) : CodeVerdict
    {
        /// <summary>The app's secret, encrypted again with the first key; null when the first key encrypted it already.</summary>
        public ResealedSecret? Resealed { get; init; }
    }

    /// <param name="Limits">The limits that this wrong code reached.</param>
    internal sealed record Wrong(CodeLimits Limits) : CodeVerdict;

    /// <summary>No code is judged after too many wrong ones.</summary>
    internal sealed record Closed(TimeSpan RetryAfter) : CodeVerdict;

    /// <summary>The code was neither judged nor counted, because the encryption key of the app's secret is not configured.</summary>
    internal sealed record KeyMissing : CodeVerdict;
}

/// <summary>
/// Judges the codes of authenticator apps (RFC 6238) and recovery codes. Wrong codes are counted for the person, separately from wrong passwords.
/// </summary>
internal sealed class CodeVerifier(SecondFactorStore factors, TotpSecrets secrets, TimeProvider clock)
{
    public async Task<CodeVerdict> JudgeAsync(long person, VerificationCode code)
    {
        var now = clock.GetUtcNow();
        if (await factors.TryBeginAsync(person, code, now) is not { } attempt)
            return await FindObstacleAsync(person, code, now);
        if (code.RecoveryHash is { } hash)
            return new CodeVerdict.Possible(person, Step: null, hash, attempt.IfWrong);
        return secrets.FindStep(attempt.Secret, person, code) is { } step && step > attempt.LastStep
            ? new CodeVerdict.Possible(person, step, RecoveryHash: null, attempt.IfWrong) { Resealed = secrets.Reseal(attempt.Secret, person) }
            : new CodeVerdict.Wrong(attempt.IfWrong);
    }

    /// <summary>Uses up the code, inside the transaction of the action that it is for.</summary>
    /// <returns>False when the code was used before, or is not a recovery code of this person.</returns>
    public Task<bool> TryUseAsync(CodeVerdict.Possible code) => code.Step is { } step
        ? factors.TryUseStepAsync(code.Person, step, code.Resealed)
        : factors.TryUseRecoveryCodeAsync(code.Person, code.RecoveryHash!);

    /// <summary>Finds the reason why no code is judged.</summary>
    private async Task<CodeVerdict> FindObstacleAsync(long person, VerificationCode code, DateTimeOffset now) => await factors.FindStateAsync(person) switch
    {
        { ClosedUntil: { } until } when until > now => new CodeVerdict.Closed(until - now),
        { IsStopped: true } when code.NeedsSecret => new CodeVerdict.Closed(SecondFactorStore.Window),
        { KeyId: var keyId } when code.NeedsSecret && !secrets.CanOpen(keyId) => new CodeVerdict.KeyMissing(),
        _ => new CodeVerdict.Wrong(default(CodeLimits)),
    };
}

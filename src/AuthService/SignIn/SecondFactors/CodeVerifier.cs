namespace AuthService.SignIn.SecondFactors;

internal abstract record CodeVerdict
{
    private CodeVerdict()
    {
    }

    /// <summary>It may be right; whether it is, <see cref="CodeVerifier.TryUseAsync"/> decides, once.</summary>
    /// <param name="Person">Whose it is.</param>
    /// <param name="Step">The time step of the code; null for a recovery code.</param>
    /// <param name="RecoveryHash">Of a recovery code.</param>
    /// <param name="IfWrong">What follows for the codes after it if this is none.</param>
    internal sealed record Possible(long Person, long? Step, byte[]? RecoveryHash, CodeLimits IfWrong) : CodeVerdict
    {
        /// <summary>The app's secret, if another key than the first sealed it.</summary>
        public ResealedSecret? Resealed { get; init; }
    }

    /// <param name="Limits">What follows for the codes after it.</param>
    internal sealed record Wrong(CodeLimits Limits) : CodeVerdict;

    /// <summary>After too many wrong codes none is judged.</summary>
    internal sealed record Closed(TimeSpan RetryAfter) : CodeVerdict;

    /// <summary>It was neither judged nor counted: the encryption key of the app's secret is not configured.</summary>
    internal sealed record KeyMissing : CodeVerdict;
}

/// <summary>Judges the codes of authenticator apps (RFC 6238) and recovery codes. Wrong ones count for the person, and never for the password.</summary>
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

    /// <summary>Inside the transaction of what the code is for.</summary>
    /// <returns>False when somebody else used it before, or it is no recovery code of this person.</returns>
    public Task<bool> TryUseAsync(CodeVerdict.Possible code) => code.Step is { } step
        ? factors.TryUseStepAsync(code.Person, step, code.Resealed)
        : factors.TryUseRecoveryCodeAsync(code.Person, code.RecoveryHash!);

    /// <summary>Why no code is judged.</summary>
    private async Task<CodeVerdict> FindObstacleAsync(long person, VerificationCode code, DateTimeOffset now) => await factors.FindStateAsync(person) switch
    {
        { ClosedUntil: { } until } when until > now => new CodeVerdict.Closed(until - now),
        { IsStopped: true } when code.NeedsSecret => new CodeVerdict.Closed(SecondFactorStore.Window),
        { KeyId: var keyId } when code.NeedsSecret && !secrets.CanOpen(keyId) => new CodeVerdict.KeyMissing(),
        _ => new CodeVerdict.Wrong(default(CodeLimits)),
    };
}

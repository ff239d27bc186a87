using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn.Passkeys;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.SecondFactors;

/// <summary>A reserved attempt to judge a code; no other request gets the same one.</summary>
/// <param name="Secret">The encrypted secret of the authenticator app.</param>
/// <param name="LastStep">The time step of the last code that was accepted.</param>
/// <param name="IfWrong">The limits that are reached if the code is wrong.</param>
internal sealed record CodeAttempt(SealedValue Secret, long LastStep, CodeLimits IfWrong);

/// <summary>The limits that a wrong code reaches.</summary>
/// <param name="Closes">Whether no code is judged for a while after this one.</param>
/// <param name="Stops">Whether no code of the app is judged after this one until something else lifts the stop.</param>
internal readonly record struct CodeLimits(bool Closes, bool Stops);

/// <summary>The state of an authenticator app that decides whether its codes are judged.</summary>
/// <param name="KeyId">The id of the key that encrypted its secret.</param>
/// <param name="ClosedUntil">No code is judged until this time.</param>
/// <param name="IsStopped">Whether no code of the app is judged until something else lifts the stop.</param>
internal sealed record FactorState(string KeyId, DateTimeOffset? ClosedUntil, bool IsStopped);

/// <summary>Lists the factors with which a person can prove who they are.</summary>
/// <param name="HasPassword">Whether the person has a password; false for people who sign in only with an identity provider.</param>
/// <param name="TotpConnectedAt">The time when the authenticator app was connected; null without one.</param>
/// <param name="RecoveryCodes">The number of recovery codes that are left.</param>
/// <param name="Passkeys">The number of passkeys.</param>
internal sealed record FactorSummary(bool HasPassword, DateTimeOffset? TotpConnectedAt, int RecoveryCodes, int Passkeys)
{
    public bool HasTotp => TotpConnectedAt is not null;

    public bool HasAny => HasTotp || Passkeys > 0;

    /// <summary>
    /// Returns the kinds of proof that count in this session. Connecting the first app needs no proof, so someone who stole the session may have done it.
    /// An app therefore counts only if the session's last proof is not older than the app; otherwise the password comes first.
    /// When nothing counts, the person must sign in again.
    /// </summary>
    public IReadOnlyList<ProofKind> ProofsIn(Session session)
    {
        var isAppKnown = TotpConnectedAt <= session.ProvedAt;
        List<ProofKind> proofs = [];
        if (isAppKnown)
            proofs.Add(ProofKind.VerificationCode);
        if (Passkeys > 0)
            proofs.Add(ProofKind.Passkey);
        if (HasPassword && (!HasAny || (HasTotp && !isAppKnown)))
            proofs.Add(ProofKind.Password);
        return proofs;
    }
}

internal enum ProofKind
{
    Password,
    VerificationCode,
    Passkey,
}

/// <summary>
/// Stores authenticator apps and recovery codes. One statement decides each race. Changes of both write the app first,
/// so that there are no deadlocks.
/// </summary>
internal sealed class SecondFactorStore(Store store, SecretBox box)
{
    /// <summary>
    /// The number of wrong codes that closes the second step for <see cref="Window"/>. They count together while none comes later than <see cref="Window"/>
    /// after the one before it.
    /// </summary>
    private const int MostWrongCodes = 20;

    /// <summary>
    /// The number of wrong codes in a row, without a time limit, that stops the codes of the app: an attacker who has the password must not guess for ever.
    /// A right recovery code, a new password (except one set by mail) or removing the app lifts the stop. Wrong recovery codes still count after it,
    /// but stop nothing again.
    /// </summary>
    public const int MostInARow = 100;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public Task<bool> HasTotpAsync(Principal person) =>
        store.ReadAsync(db => db.Set<TotpFactor>().AnyAsync(factor => factor.PrincipalNumber == person.Number));

    public Task<FactorSummary> SummarizeAsync(Principal person) => store.ReadAsync(async db => new FactorSummary(
        person.PasswordHash is not null,
        await db.Set<TotpFactor>().Where(factor => factor.PrincipalNumber == person.Number)
            .Select(factor => (DateTimeOffset?)factor.ConnectedAt).FirstOrDefaultAsync(),
        await db.Set<RecoveryCodeRecord>().CountAsync(code => code.PrincipalNumber == person.Number),
        await db.Set<Passkey>().CountAsync(passkey => passkey.PrincipalNumber == person.Number)));

    /// <summary>Checks whether the person has an authenticator app or a passkey.</summary>
    public Task<bool> HasAnyAsync(Principal person) => store.ReadAsync(db => db.Set<TotpFactor>()
        .Where(factor => factor.PrincipalNumber == person.Number).Select(factor => factor.PrincipalNumber)
        .Concat(db.Set<Passkey>().Where(passkey => passkey.PrincipalNumber == person.Number).Select(passkey => passkey.PrincipalNumber))
        .AnyAsync());

    /// <summary>Counts a code as wrong before it is judged, so that codes sent at the same moment do not exceed the limits.</summary>
    /// <returns>Null when the person has no authenticator app, no code is judged at the moment, or the encryption key is not configured.</returns>
    public async Task<CodeAttempt?> TryBeginAsync(long person, VerificationCode code, DateTimeOffset now)
    {
        FormattableString readable = code.NeedsSecret ? $"AND key_id {store.Among(box.KeyIds)} AND wrong_in_a_row < {MostInARow}" : SqlText.Raw("");
        var (moment, since, until) = (UnixMicroseconds.From(now), UnixMicroseconds.From(now - Window), UnixMicroseconds.From(now + Window));
        var rows = await store.WriteAsync<AttemptRow>(
            $"""
            UPDATE totp_factors SET
                closed_until = CASE WHEN COALESCE(last_wrong_at, wrong_since) > {since} AND wrong_codes + 1 >= {MostWrongCodes} THEN {until} END,
                wrong_codes = CASE WHEN COALESCE(last_wrong_at, wrong_since) > {since} THEN wrong_codes + 1 ELSE 1 END,
                wrong_since = CASE WHEN COALESCE(last_wrong_at, wrong_since) > {since} THEN wrong_since ELSE {moment} END,
                last_wrong_at = {moment}, wrong_in_a_row = wrong_in_a_row + 1
            WHERE principal_number = {person} AND (closed_until IS NULL OR closed_until <= {moment}) {readable}
            RETURNING key_id AS "KeyId", sealed_secret AS "SealedSecret", last_step AS "LastStep", wrong_codes AS "WrongCodes",
                      wrong_in_a_row AS "WrongInARow"
            """);
        return rows is [var row]
            ? new CodeAttempt(
                new SealedValue(row.KeyId, row.SealedSecret), row.LastStep, new CodeLimits(row.WrongCodes >= MostWrongCodes, row.WrongInARow is MostInARow))
            : null;
    }

    /// <returns>Null when the person has no authenticator app.</returns>
    public Task<FactorState?> FindStateAsync(long person) => store.ReadAsync(db => db.Set<TotpFactor>()
        .Where(factor => factor.PrincipalNumber == person)
        .Select(factor => new FactorState(factor.KeyId, factor.ClosedUntil, factor.WrongInARow >= MostInARow)).FirstOrDefaultAsync());

    /// <summary>Uses up the code of a time step and resets the count of wrong codes. Runs inside the caller's transaction.</summary>
    /// <param name="person">The number of the person.</param>
    /// <param name="step">The time step of the code.</param>
    /// <param name="resealed">Replaces the encrypted secret, unless it was replaced since it was read; null to keep it.</param>
    /// <returns>False when this step or a later one was used before, or the app was removed.</returns>
    public async Task<bool> TryUseStepAsync(long person, long step, ResealedSecret? resealed) => await store.WriteAsync(
        $"""
        UPDATE totp_factors SET last_step = {step}, {NoneWrong} {Replacing(resealed)}
        WHERE principal_number = {person} AND last_step < {step}
        """) == 1;

    /// <summary>Uses up a recovery code and resets the count of wrong codes. Runs inside the caller's transaction.</summary>
    public async Task<bool> TryUseRecoveryCodeAsync(long person, byte[] hash) =>
        await store.WriteAsync($"UPDATE totp_factors SET {NoneWrong} WHERE principal_number = {person}") == 1
        && await store.WriteAsync($"DELETE FROM recovery_codes WHERE code_hash = {hash} AND principal_number = {person}") == 1;

    /// <summary>Connects an authenticator app, inside the caller's transaction.</summary>
    /// <returns>False when the person has an app already.</returns>
    public async Task<bool> TryConnectAsync(TotpFactor factor) => await store.WriteAsync(
        $"""
        INSERT INTO totp_factors (principal_number, key_id, sealed_secret, last_step, wrong_codes, connected_at)
        VALUES ({factor.PrincipalNumber}, {factor.KeyId}, {factor.SealedSecret}, {factor.LastStep}, 0, {UnixMicroseconds.From(factor.ConnectedAt)})
        ON CONFLICT (principal_number) DO NOTHING
        """) == 1;

    /// <summary>Replaces all recovery codes of the person, inside the caller's transaction.</summary>
    /// <returns>False when the person has no authenticator app, without which recovery codes are useless.</returns>
    public async Task<bool> TryReplaceRecoveryCodesAsync(long person, IEnumerable<RecoveryCode> codes)
    {
        if (!await store.TryHoldAsync($"totp_factors WHERE principal_number = {person}", RowLock.Exclusive))
            return false;
        await DeleteRecoveryCodesAsync(person);
        await store.InsertAsync([.. codes.Select(code => new RecoveryCodeRecord { CodeHash = code.Hash(), PrincipalNumber = person })]);
        return true;
    }

    /// <summary>Removes the app and the recovery codes, inside the caller's transaction.</summary>
    /// <returns>False when there is no app.</returns>
    public async Task<bool> TryRemoveAsync(long person)
    {
        var removed = await store.WriteAsync($"DELETE FROM totp_factors WHERE principal_number = {person}") == 1;
        await DeleteRecoveryCodesAsync(person);
        return removed;
    }

    private static FormattableString NoneWrong =>
        SqlText.Raw("wrong_codes = 0, wrong_since = NULL, last_wrong_at = NULL, closed_until = NULL, wrong_in_a_row = 0");

    private static FormattableString Replacing(ResealedSecret? secret) => secret is (var before, var after)
        ? $"""
            , key_id = CASE WHEN sealed_secret = {before.Bytes} THEN {after.KeyId} ELSE key_id END,
            sealed_secret = CASE WHEN sealed_secret = {before.Bytes} THEN {after.Bytes} ELSE sealed_secret END
            """
        : SqlText.Raw("");

    private Task<int> DeleteRecoveryCodesAsync(long person) => store.WriteAsync($"DELETE FROM recovery_codes WHERE principal_number = {person}");

    private sealed record AttemptRow(string KeyId, byte[] SealedSecret, long LastStep, int WrongCodes, int WrongInARow);
}

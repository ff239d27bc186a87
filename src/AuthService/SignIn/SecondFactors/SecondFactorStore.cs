using AuthService.Principals;
using AuthService.Sessions;
using AuthService.SignIn.Passkeys;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.SecondFactors;

/// <summary>What may be judged now; nobody else is given the same attempt.</summary>
/// <param name="Secret">Of the authenticator app.</param>
/// <param name="LastStep">The time step of the last code that was taken.</param>
/// <param name="IfWrong">What follows for the codes after it.</param>
internal sealed record CodeAttempt(SealedValue Secret, long LastStep, CodeLimits IfWrong);

/// <summary>What a wrong code has used up.</summary>
/// <param name="Closes">It is the last one before none is judged for a while.</param>
/// <param name="Stops">It is the last one in a row: none of the app is judged until something else lifts that.</param>
internal readonly record struct CodeLimits(bool Closes, bool Stops);

/// <summary>Whether codes of an app are judged.</summary>
/// <param name="KeyId">Of the key that its secret is sealed with.</param>
/// <param name="ClosedUntil">Until then none is.</param>
/// <param name="IsStopped">Whether none of the app is, until something else lifts that.</param>
internal sealed record FactorState(string KeyId, DateTimeOffset? ClosedUntil, bool IsStopped);

/// <summary>What a person can show of who they are.</summary>
/// <param name="HasPassword">Not so of whoever signs in with an identity provider alone.</param>
/// <param name="TotpConnectedAt">Null without an authenticator app.</param>
/// <param name="RecoveryCodes">How many are left.</param>
/// <param name="Passkeys">How many there are.</param>
internal sealed record FactorSummary(bool HasPassword, DateTimeOffset? TotpConnectedAt, int RecoveryCodes, int Passkeys)
{
    public bool HasTotp => TotpConnectedAt is not null;

    public bool HasAny => HasTotp || Passkeys > 0;

    /// <summary>
    /// What shows in this session who its person is. An app is connected without a proof, perhaps by somebody who has only got hold of the session: in
    /// one whose last proof is older than the app it shows nothing, and the password comes first. Where nothing counts, only another sign-in does.
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
/// Keeps authenticator apps and recovery codes. What decides a race is one statement each; whatever changes both writes the app first, so that
/// nobody waits for another in a circle.
/// </summary>
internal sealed class SecondFactorStore(Store store, SecretBox box)
{
    /// <summary>As many wrong codes, none of them longer than <see cref="Window"/> after the one before it, close the second step for as long.</summary>
    private const int MostWrongCodes = 20;

    /// <summary>
    /// As many in a row, whenever they were, stop the codes of the app: whoever has the password must not guess for ever. A right recovery code lifts that, a
    /// new password but for one by mail, or whoever removes the app. Wrong recovery codes after that count on, and stop nothing again.
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

    /// <summary>Whether the person has an authenticator app or a passkey.</summary>
    public Task<bool> HasAnyAsync(Principal person) => store.ReadAsync(db => db.Set<TotpFactor>()
        .Where(factor => factor.PrincipalNumber == person.Number).Select(factor => factor.PrincipalNumber)
        .Concat(db.Set<Passkey>().Where(passkey => passkey.PrincipalNumber == person.Number).Select(passkey => passkey.PrincipalNumber))
        .AnyAsync());

    /// <summary>Counts a code as wrong before it is judged, so that of codes at the same moment no more are judged than may be.</summary>
    /// <returns>Null when the person has no authenticator app, no code is judged at the moment, or the key for it is not configured.</returns>
    public async Task<CodeAttempt?> TryBeginAsync(long person, VerificationCode code, DateTimeOffset now)
    {
        FormattableString readable = code.NeedsSecret ? $"AND key_id {store.Among(box.KeyIds)} AND wrong_in_a_row < {MostInARow}" : SqlText.Raw("");
        var (moment, since, until) = (UnixMicroseconds.From(now), UnixMicroseconds.From(now - Window), UnixMicroseconds.From(now + Window));
        var rows = await store.WriteAsync<AttemptRow>(SqlText.Join(
            $"""
            UPDATE totp_factors SET
                closed_until = CASE WHEN COALESCE(last_wrong_at, wrong_since) > {since} AND wrong_codes + 1 >= {MostWrongCodes} THEN {until} END,
                wrong_codes = CASE WHEN COALESCE(last_wrong_at, wrong_since) > {since} THEN wrong_codes + 1 ELSE 1 END,
                wrong_since = CASE WHEN COALESCE(last_wrong_at, wrong_since) > {since} THEN wrong_since ELSE {moment} END,
                last_wrong_at = {moment}, wrong_in_a_row = wrong_in_a_row + 1
            WHERE principal_number = {person} AND (closed_until IS NULL OR closed_until <= {moment}) {readable}
            RETURNING key_id AS "KeyId", sealed_secret AS "SealedSecret", last_step AS "LastStep", wrong_codes AS "WrongCodes",
                      wrong_in_a_row AS "WrongInARow"
            """));
        return rows is [var row]
            ? new CodeAttempt(
                new SealedValue(row.KeyId, row.SealedSecret), row.LastStep, new CodeLimits(row.WrongCodes >= MostWrongCodes, row.WrongInARow is MostInARow))
            : null;
    }

    /// <returns>Null when the person has no authenticator app.</returns>
    public Task<FactorState?> FindStateAsync(long person) => store.ReadAsync(db => db.Set<TotpFactor>()
        .Where(factor => factor.PrincipalNumber == person)
        .Select(factor => new FactorState(factor.KeyId, factor.ClosedUntil, factor.WrongInARow >= MostInARow)).FirstOrDefaultAsync());

    /// <summary>Uses up the code of a time step, and forgets the wrong ones before it; inside the caller's transaction.</summary>
    /// <param name="person">Whose code it is.</param>
    /// <param name="step">Of the code.</param>
    /// <param name="resealed">Replaces the secret, unless it was replaced since it was read.</param>
    /// <returns>False when this step or a later one was taken before, or the app is gone.</returns>
    public async Task<bool> TryUseStepAsync(long person, long step, ResealedSecret? resealed) => await store.WriteAsync(SqlText.Join(
        $"""
        UPDATE totp_factors SET last_step = {step}, {NoneWrong} {Replacing(resealed)}
        WHERE principal_number = {person} AND last_step < {step}
        """)) == 1;

    /// <summary>The same with a recovery code.</summary>
    public async Task<bool> TryUseRecoveryCodeAsync(long person, byte[] hash) =>
        await store.WriteAsync(SqlText.Join($"UPDATE totp_factors SET {NoneWrong} WHERE principal_number = {person}")) == 1
        && await store.WriteAsync($"DELETE FROM recovery_codes WHERE code_hash = {hash} AND principal_number = {person}") == 1;

    /// <summary>Inside the caller's transaction.</summary>
    /// <returns>False when the person has one already.</returns>
    public async Task<bool> TryConnectAsync(TotpFactor factor) => await store.WriteAsync(
        $"""
        INSERT INTO totp_factors (principal_number, key_id, sealed_secret, last_step, wrong_codes, connected_at)
        VALUES ({factor.PrincipalNumber}, {factor.KeyId}, {factor.SealedSecret}, {factor.LastStep}, 0, {UnixMicroseconds.From(factor.ConnectedAt)})
        ON CONFLICT (principal_number) DO NOTHING
        """) == 1;

    /// <summary>Replaces all of the person's; inside the caller's transaction.</summary>
    /// <returns>False when there is no authenticator app that they could stand in for.</returns>
    public async Task<bool> TryReplaceRecoveryCodesAsync(long person, IEnumerable<RecoveryCode> codes)
    {
        if (!await store.TryHoldAsync($"totp_factors WHERE principal_number = {person}", RowLock.Exclusive))
            return false;
        await DeleteRecoveryCodesAsync(person);
        await store.InsertAsync([.. codes.Select(code => new RecoveryCodeRecord { CodeHash = code.Hash(), PrincipalNumber = person })]);
        return true;
    }

    /// <summary>Removes app and recovery codes; inside the caller's transaction.</summary>
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

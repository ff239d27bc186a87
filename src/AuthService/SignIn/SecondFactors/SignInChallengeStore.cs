using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.SignIn.SecondFactors;

/// <summary>Stores sign-in challenges by the hash of their id.</summary>
internal sealed class SignInChallengeStore(Store store, SecretBox box)
{
    private const int MostAttempts = 5;

    public Task AddAsync(SignInChallenge challenge) => store.InsertAsync(challenge);

    /// <summary>Begins a set-up under the person's row lock, so that nothing else can be connected at the same time.</summary>
    public Task<T> InSetUpAsync<T>(Principal person, Func<Task<T>> begin) => store.InTransactionAsync(async () =>
    {
        await store.TryHoldAsync($"principals WHERE number = {person.Number}", RowLock.Exclusive);
        return await begin();
    });

    /// <summary>Stores a set-up and voids an earlier one of the person. Runs inside the caller's transaction.</summary>
    public async Task ReplaceSetUpAsync(SignInChallenge challenge)
    {
        await VoidSetUpAsync(challenge.PrincipalNumber!.Value);
        await store.InsertAsync(challenge);
    }

    /// <summary>Voids a set-up of an authenticator app that began before. Runs inside the caller's transaction.</summary>
    public Task VoidSetUpAsync(long person) =>
        store.WriteAsync($"DELETE FROM sign_in_challenges WHERE principal_number = {person} AND kind = {(int)ChallengeKind.SetUp}");

    /// <summary>Counts an answer before it is judged, so that answers sent at the same moment do not exceed the limit.</summary>
    /// <returns>Null when the challenge is not open, or the encryption key that the code needs is not configured.</returns>
    public Task<SignInChallenge?> TryBeginAsync(byte[] idHash, VerificationCode code, DateTimeOffset now) => TryChangeAsync(
        idHash, $"UPDATE sign_in_challenges SET attempts = attempts + 1 {WhereOpen(idHash, now)} {AndReadable(code)}");

    /// <summary>Takes a counted answer back because it was not judged.</summary>
    public Task GiveBackAsync(byte[] idHash) =>
        store.WriteAsync($"UPDATE sign_in_challenges SET attempts = attempts - 1 WHERE id_hash = {idHash} AND attempts > 0");

    /// <summary>Checks whether the challenge can be answered: it exists, has not expired and was not answered too often.</summary>
    public async Task<bool> IsOpenAsync(byte[] idHash, DateTimeOffset now) =>
        await store.ReadAsync<int>($"SELECT 1 AS \"Value\" FROM sign_in_challenges {WhereOpen(idHash, now)}") is [1];

    /// <summary>Deletes a challenge as it is read, so that only one answer to it is ever judged.</summary>
    /// <returns>Null when there is no challenge of this kind, or it has expired.</returns>
    public Task<SignInChallenge?> TryTakeAsync(byte[] idHash, ChallengeKind kind, DateTimeOffset now) => TryChangeAsync(idHash,
        $"DELETE FROM sign_in_challenges WHERE id_hash = {idHash} AND kind = {(int)kind} AND expire_at > {UnixMicroseconds.From(now)}");

    /// <summary>Uses up a challenge, inside the caller's transaction.</summary>
    /// <returns>False when it was used before.</returns>
    public async Task<bool> TryUseAsync(byte[] idHash) => await store.WriteAsync($"DELETE FROM sign_in_challenges WHERE id_hash = {idHash}") == 1;

    /// <summary>Voids the person's sign-ins that wait for a second factor. Runs inside the caller's transaction.</summary>
    public Task VoidSignInsAsync(long person) =>
        store.WriteAsync($"DELETE FROM sign_in_challenges WHERE principal_number = {person} AND kind = {(int)ChallengeKind.SignIn}");

    /// <summary>Remembers that something was used that is accepted only once. Runs inside the caller's transaction.</summary>
    /// <returns>False when it was used before.</returns>
    public async Task<bool> TryKeepUsedAsync(byte[] hash, ChallengeKind kind, DateTimeOffset until) => await store.WriteAsync(
        $"""
        INSERT INTO sign_in_challenges (id_hash, kind, security_stamp, public_computer, attempts, expire_at)
        VALUES ({hash}, {(int)kind}, 0, {false}, 0, {UnixMicroseconds.From(until)}) ON CONFLICT (id_hash) DO NOTHING
        """) == 1;

    /// <returns>The person of the challenge as they are now; null when their security stamp has changed since.</returns>
    public Task<Principal?> FindPersonAsync(SignInChallenge challenge) => store.ReadAsync(db => db.Set<Principal>().AsNoTracking()
        .FirstOrDefaultAsync(p => p.Number == challenge.PrincipalNumber && p.SecurityStamp == challenge.SecurityStamp));

    private static FormattableString WhereOpen(byte[] idHash, DateTimeOffset now) =>
        $"""
        WHERE id_hash = {idHash} AND kind IN ({(int)ChallengeKind.SetUp}, {(int)ChallengeKind.SignIn})
        AND attempts < {MostAttempts} AND expire_at > {UnixMicroseconds.From(now)}
        """;

    /// <summary>
    /// Selects challenges that can be judged: the key of the secret to compare with is configured. It is the challenge's own or that of the person's app.
    /// </summary>
    private FormattableString AndReadable(VerificationCode code)
    {
        if (!code.NeedsSecret)
            return SqlText.Raw("");
        var held = store.Among(box.KeyIds);
        return $"""
            AND (key_id IS NULL OR key_id {held})
            AND (kind = {(int)ChallengeKind.SetUp} OR NOT EXISTS (
                SELECT 1 FROM totp_factors AS app WHERE app.principal_number = sign_in_challenges.principal_number AND NOT (app.key_id {held})))
            """;
    }

    /// <returns>The challenge that the statement changed; null when it changed none.</returns>
    private async Task<SignInChallenge?> TryChangeAsync(byte[] idHash, FormattableString statement)
    {
        var rows = await store.WriteAsync<Row>(
            $"""
            {statement}
            RETURNING kind AS "Kind", principal_number AS "PrincipalNumber", security_stamp AS "SecurityStamp", service AS "Service",
                      public_computer AS "PublicComputer", session_id AS "SessionId", key_id AS "KeyId", sealed_secret AS "SealedSecret",
                      state AS "State", expire_at AS "ExpireAt"
            """);
        return rows is [var row] ? row.ToChallenge(idHash) : null;
    }

    private sealed record Row(
        int Kind, long? PrincipalNumber, int SecurityStamp, string? Service, bool PublicComputer, Guid? SessionId, string? KeyId, byte[]? SealedSecret,
        string? State, long ExpireAt)
    {
        public SignInChallenge ToChallenge(byte[] idHash) => new()
        {
            IdHash = idHash,
            Kind = (ChallengeKind)Kind,
            PrincipalNumber = PrincipalNumber,
            SecurityStamp = SecurityStamp,
            Service = Service,
            PublicComputer = PublicComputer,
            SessionId = SessionId,
            KeyId = KeyId,
            SealedSecret = SealedSecret,
            State = State,
            ExpireAt = UnixMicroseconds.To(ExpireAt),
        };
    }
}

using System.Security.Cryptography;
using System.Text;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Signals;

/// <summary>A stream over which only this instance may push until its lease expires.</summary>
internal sealed record LeasedStream(
    Guid Id, string Audience, string EndpointUrl, string? KeyId, byte[]? SealedAuthorization, int LeaseNumber, long LeasedUntil, int Failures) : ILeased;

/// <summary>A stream with the id of its service, which is the audience of its SETs.</summary>
internal sealed record OwnedStream(SignalStream Stream, string Audience);

/// <summary>Stores streams. A service finds only its own.</summary>
internal sealed class SignalStreamStore(Store store, SecretBox box, EventReader reader, SignalStreamWakeUp made)
{
    /// <summary>Whether an authorization header can be encrypted.</summary>
    public bool CanSeal => box.HasKey;

    public Task<List<SignalStream>> ListAsync(Principal owner) => store.ReadAsync(db => Of(db, owner).OrderBy(stream => stream.Id).ToListAsync());

    public Task<SignalStream?> FindAsync(Principal owner, Guid id) => store.ReadAsync(db => Of(db, owner).FirstOrDefaultAsync(stream => stream.Id == id));

    /// <summary>Adds a stream, inside the caller's transaction. The first stream starts the reader of the audit log.</summary>
    public async Task AddAsync(SignalStream stream)
    {
        await reader.StartAsync(SignalDispatcher.Name, $"signal_streams");
        await store.InsertAsync(stream);
        store.AfterCommit(made.Raise);
    }

    /// <summary>Finds a stream and locks its row, so that nobody else changes it until the transaction ends.</summary>
    public async Task<SignalStream?> HoldAsync(Principal owner, Guid id) =>
        await store.TryHoldAsync($"signal_streams WHERE id = {id} AND principal_number = {owner.Number}", RowLock.Exclusive)
            ? await FindAsync(owner, id)
            : null;

    public Task<bool> TryDeleteAsync(Principal owner, Guid id) => ChangedAsync(db => Of(db, owner).Where(stream => stream.Id == id).ExecuteDeleteAsync());

    /// <summary>Updates the settings of a stream. It resets the failures and the time of the next attempt, and ends the current lease.</summary>
    public Task<bool> TryUpdateAsync(SignalStream stream, DateTimeOffset now) => ChangedAsync(db => db.Set<SignalStream>()
        .Where(s => s.Id == stream.Id && s.PrincipalNumber == stream.PrincipalNumber)
        .ExecuteUpdateAsync(set => set
            .SetProperty(s => s.EventsRequested, stream.EventsRequested).SetProperty(s => s.Description, stream.Description)
            .SetProperty(s => s.EndpointUrl, stream.EndpointUrl)
            .SetProperty(s => s.KeyId, stream.KeyId).SetProperty(s => s.SealedAuthorization, stream.SealedAuthorization)
            .SetProperty(s => s.LeaseNumber, s => s.LeaseNumber + 1).SetProperty(s => s.LeasedUntil, (DateTimeOffset?)null)
            .SetProperty(s => s.NextAttemptAt, now).SetProperty(s => s.Failures, 0).SetProperty(s => s.FailingSince, (DateTimeOffset?)null)));

    /// <summary>Sets the status of a stream. It resets the failures and the time of the next attempt, and ends the current lease.</summary>
    public Task<bool> TrySetStatusAsync(Principal owner, Guid id, StreamStatus status, string? reason, DateTimeOffset now) =>
        ChangedAsync(db => Of(db, owner).Where(stream => stream.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(s => s.Status, status).SetProperty(s => s.Reason, reason)
            .SetProperty(s => s.LeaseNumber, s => s.LeaseNumber + 1).SetProperty(s => s.LeasedUntil, (DateTimeOffset?)null)
            .SetProperty(s => s.NextAttemptAt, now).SetProperty(s => s.Failures, 0).SetProperty(s => s.FailingSince, (DateTimeOffset?)null)));

    /// <summary>Counts a verification request against its rate limit. It is one statement, so that only one of several requests at once succeeds.</summary>
    public Task<bool> TryUseVerificationAsync(Principal owner, Guid id, DateTimeOffset now)
    {
        var before = now - SignalStream.VerificationInterval;
        return ChangedAsync(db => Of(db, owner).Where(stream => stream.Id == id && (stream.VerifiedAt == null || stream.VerifiedAt <= before))
            .ExecuteUpdateAsync(set => set.SetProperty(stream => stream.VerifiedAt, now)));
    }

    public Task<bool> AnyAsync() => store.ReadAsync(db => db.Set<SignalStream>().AnyAsync());

    /// <summary>
    /// Lists the streams that receive events: those of enabled services that are not disabled.
    /// Their rows are locked against deletion until the transaction ends.
    /// </summary>
    public async Task<List<OwnedStream>> HoldListeningAsync()
    {
        var ids = await store.HoldAsync<Guid>(
            $"""
            SELECT s.id AS "Value" FROM signal_streams AS s
            WHERE s.status <> {(int)StreamStatus.Disabled}
              AND EXISTS (SELECT 1 FROM principals AS p WHERE p.number = s.principal_number AND {MayHave})
            ORDER BY s.id
            """,
            RowLock.AgainstDeletion);
        return ids.Count == 0
            ? []
            : await store.ReadAsync(db => db.Set<SignalStream>().AsNoTracking().Where(stream => ids.Contains(stream.Id))
                .Join(db.Set<Principal>(), stream => stream.PrincipalNumber, p => p.Number, (stream, p) => new OwnedStream(stream, p.Id))
                .ToListAsync());
    }

    /// <summary>Lists the enabled streams with something to push over which nobody is pushing, those first that have waited longest.</summary>
    public Task<List<Guid>> ListDueAsync(DateTimeOffset now) => store.ReadAsync<Guid>(
        $"""SELECT s.id AS "Value" FROM {Due(UnixMicroseconds.From(now))} ORDER BY s.next_attempt_at""");

    /// <summary>Leases a stream while it is due. It is due again when the instance that leased it was cut off.</summary>
    /// <returns>Null when it is not due.</returns>
    public async Task<LeasedStream?> TryLeaseAsync(Guid stream, DateTimeOffset moment, TimeSpan duration)
    {
        var others = SqlText.Raw(store.IsPostgres ? "FOR UPDATE OF s SKIP LOCKED" : "");
        var (now, until) = (UnixMicroseconds.From(moment), UnixMicroseconds.From(moment + duration));
        var leased = await store.WriteAsync<LeasedStream>(
            $"""
            UPDATE signal_streams SET claims = claims + 1, claimed_until = {until}
            WHERE id = (SELECT s.id FROM {Due(now)} AND s.id = {stream} {others})
            RETURNING id AS "Id", (SELECT p.id FROM principals AS p WHERE p.number = principal_number) AS "Audience", endpoint_url AS "EndpointUrl",
                      key_id AS "KeyId", sealed_authorization AS "SealedAuthorization", claims AS "LeaseNumber", claimed_until AS "LeasedUntil",
                      failures AS "Failures"
            """);
        return leased.FirstOrDefault();
    }

    /// <summary>Checks whether the lease is still valid, and the stream and its service are still enabled.</summary>
    public Task<bool> MayPushAsync(LeasedStream leased) => store.ReadAsync(db => db.Set<SignalStream>()
        .Where(stream => stream.Id == leased.Id && stream.LeaseNumber == leased.LeaseNumber && stream.Status == StreamStatus.Enabled)
        .AnyAsync(stream => db.Set<Principal>().Any(p => p.Number == stream.PrincipalNumber
            && p.State == PrincipalState.Enabled && p.Type == PrincipalType.Service)));

    /// <summary>Gives up the lease when no push had a result.</summary>
    public Task<int> ReleaseAsync(LeasedStream leased, DateTimeOffset next) => store.WriteAsync(
        $"""
        UPDATE signal_streams SET claimed_until = NULL, next_attempt_at = {UnixMicroseconds.From(next)}
        WHERE id = {leased.Id} AND claims = {leased.LeaseNumber}
        """);

    /// <summary>Gives up the lease after a success, or when no SET is waiting.</summary>
    public Task<int> FinishAsync(LeasedStream leased, DateTimeOffset next) => store.WriteAsync(
        $"""
        UPDATE signal_streams SET claimed_until = NULL, next_attempt_at = {UnixMicroseconds.From(next)}, failures = 0, failing_since = NULL
        WHERE id = {leased.Id} AND claims = {leased.LeaseNumber}
        """);

    /// <summary>Gives up the lease after a failure.</summary>
    /// <param name="leased">The leased stream.</param>
    /// <param name="failures">The number of failures in a row.</param>
    /// <param name="isFirst">Whether a push succeeded before this failure during the lease.</param>
    /// <param name="now">The time of the failure.</param>
    /// <param name="next">The time of the next attempt.</param>
    public Task<int> PutOffAsync(LeasedStream leased, int failures, bool isFirst, DateTimeOffset now, DateTimeOffset next) => store.WriteAsync(
        $"""
        UPDATE signal_streams SET claimed_until = NULL, next_attempt_at = {UnixMicroseconds.From(next)}, failures = {failures},
                                  failing_since = CASE WHEN {isFirst} THEN {UnixMicroseconds.From(now)}
                                                       ELSE COALESCE(failing_since, {UnixMicroseconds.From(now)}) END
        WHERE id = {leased.Id} AND claims = {leased.LeaseNumber}
        """);

    /// <summary>Deletes a batch of streams of deleted services, and of administrators, who could create streams in an earlier version.</summary>
    public Task<int> DeleteOrphansAsync(DateTimeOffset _, int limit, CancellationToken cancellation) => store.WriteAsync(
        $"""
        DELETE FROM signal_streams WHERE id IN (
            SELECT s.id FROM signal_streams AS s JOIN principals AS p ON p.number = s.principal_number
            WHERE p.state = {(int)PrincipalState.Deleted} OR p.type <> {(int)PrincipalType.Service} LIMIT {limit})
        """,
        cancellation);

    public SealedValue SealAuthorization(Guid id, string header) => box.Seal(Encoding.UTF8.GetBytes(header), SignalStream.PlaceOf(id));

    /// <exception cref="CryptographicException">The encryption key is no longer configured.</exception>
    public string? OpenAuthorization(LeasedStream leased) => leased is { KeyId: { } keyId, SealedAuthorization: { } bytes }
        ? Encoding.UTF8.GetString(box.Open(new SealedValue(keyId, bytes), SignalStream.PlaceOf(leased.Id)))
        : null;

    /// <summary>SQL: the streams s with a WHERE that finds those that are due.</summary>
    private static FormattableString Due(long now) =>
        $"""
        signal_streams AS s JOIN principals AS p ON p.number = s.principal_number
        WHERE s.status = {(int)StreamStatus.Enabled} AND s.endpoint_url IS NOT NULL AND {MayHave}
          AND s.next_attempt_at <= {now} AND (s.claimed_until IS NULL OR s.claimed_until <= {now})
          AND EXISTS (SELECT 1 FROM signal_sets AS w WHERE w.stream_id = s.id AND w.expire_at > {now})
        """;

    /// <summary>The SQL condition that the owner, <c>p</c>, must meet.</summary>
    private static FormattableString MayHave => $"p.state = {(int)PrincipalState.Enabled} AND p.type = {(int)PrincipalType.Service}";

    private static IQueryable<SignalStream> Of(AuthDbContext db, Principal owner) =>
        db.Set<SignalStream>().AsNoTracking().Where(stream => stream.PrincipalNumber == owner.Number);

    private async Task<bool> ChangedAsync(Func<AuthDbContext, Task<int>> statement) => await store.WriteAsync(statement) == 1;
}

using System.Security.Cryptography;
using System.Text;
using AuthService.Audit;
using AuthService.Principals;
using AuthService.Storage;
using AuthService.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Signals;

/// <summary>A stream over which this instance alone may push, until its claim runs out.</summary>
internal sealed record ClaimedStream(
    Guid Id, string Audience, string EndpointUrl, string? KeyId, byte[]? SealedAuthorization, int Claims, long ClaimedUntil, int Failures) : IClaimed;

/// <summary>A stream with the id of its service, which is the audience of its SETs.</summary>
internal sealed record OwnedStream(SignalStream Stream, string Audience);

/// <summary>The streams. A service finds its own only.</summary>
internal sealed class SignalStreamStore(Store store, SecretBox box, EventReader reader, SignalStreamWakeUp made)
{
    /// <summary>Whether an authorization header could be kept.</summary>
    public bool CanSeal => box.HasKey;

    public Task<List<SignalStream>> ListAsync(Principal owner) => store.ReadAsync(db => Of(db, owner).OrderBy(stream => stream.Id).ToListAsync());

    public Task<SignalStream?> FindAsync(Principal owner, Guid id) => store.ReadAsync(db => Of(db, owner).FirstOrDefaultAsync(stream => stream.Id == id));

    /// <summary>In the caller's transaction. From the first one on the audit log is read.</summary>
    public async Task AddAsync(SignalStream stream)
    {
        await reader.StartAsync(SignalDispatcher.Name, $"signal_streams");
        await store.InsertAsync(stream);
        store.AfterCommit(made.Raise);
    }

    /// <summary>The same as it is once nobody else can change it before the transaction is over.</summary>
    public async Task<SignalStream?> HoldAsync(Principal owner, Guid id) =>
        await store.TryHoldAsync($"signal_streams WHERE id = {id} AND principal_number = {owner.Number}", RowLock.Exclusive)
            ? await FindAsync(owner, id)
            : null;

    public Task<bool> TryDeleteAsync(Principal owner, Guid id) => ChangedAsync(db => Of(db, owner).Where(stream => stream.Id == id).ExecuteDeleteAsync());

    /// <summary>Sets what a service sets of its stream. Whatever kept a push waiting counts no more, and whoever is pushing has lost the claim.</summary>
    public Task<bool> TryUpdateAsync(SignalStream stream, DateTimeOffset now) => ChangedAsync(db => db.Set<SignalStream>()
        .Where(s => s.Id == stream.Id && s.PrincipalNumber == stream.PrincipalNumber)
        .ExecuteUpdateAsync(set => set
            .SetProperty(s => s.EventsRequested, stream.EventsRequested).SetProperty(s => s.Description, stream.Description)
            .SetProperty(s => s.EndpointUrl, stream.EndpointUrl)
            .SetProperty(s => s.KeyId, stream.KeyId).SetProperty(s => s.SealedAuthorization, stream.SealedAuthorization)
            .SetProperty(s => s.Claims, s => s.Claims + 1).SetProperty(s => s.ClaimedUntil, (DateTimeOffset?)null)
            .SetProperty(s => s.NextAttemptAt, now).SetProperty(s => s.Failures, 0).SetProperty(s => s.FailingSince, (DateTimeOffset?)null)));

    /// <summary>The same with the status.</summary>
    public Task<bool> TrySetStatusAsync(Principal owner, Guid id, StreamStatus status, string? reason, DateTimeOffset now) =>
        ChangedAsync(db => Of(db, owner).Where(stream => stream.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(s => s.Status, status).SetProperty(s => s.Reason, reason)
            .SetProperty(s => s.Claims, s => s.Claims + 1).SetProperty(s => s.ClaimedUntil, (DateTimeOffset?)null)
            .SetProperty(s => s.NextAttemptAt, now).SetProperty(s => s.Failures, 0).SetProperty(s => s.FailingSince, (DateTimeOffset?)null)));

    /// <summary>One statement, so that of requests at one moment one passes.</summary>
    public Task<bool> TryUseVerificationAsync(Principal owner, Guid id, DateTimeOffset now)
    {
        var before = now - SignalStream.VerificationInterval;
        return ChangedAsync(db => Of(db, owner).Where(stream => stream.Id == id && (stream.VerifiedAt == null || stream.VerifiedAt <= before))
            .ExecuteUpdateAsync(set => set.SetProperty(stream => stream.VerifiedAt, now)));
    }

    public Task<bool> AnyAsync() => store.ReadAsync(db => db.Set<SignalStream>().AnyAsync());

    /// <summary>Those that are given what happens: of enabled services alone, and not disabled. None is deleted before the transaction is over.</summary>
    public async Task<List<OwnedStream>> HoldListeningAsync()
    {
        var ids = await store.HoldAsync<Guid>(
            SqlText.Join($"""
            SELECT s.id AS "Value" FROM signal_streams AS s
            WHERE s.status <> {(int)StreamStatus.Disabled}
              AND EXISTS (SELECT 1 FROM principals AS p WHERE p.number = s.principal_number AND {MayHave})
            ORDER BY s.id
            """),
            RowLock.AgainstDeletion);
        return ids.Count == 0
            ? []
            : await store.ReadAsync(db => db.Set<SignalStream>().AsNoTracking().Where(stream => ids.Contains(stream.Id))
                .Join(db.Set<Principal>(), stream => stream.PrincipalNumber, p => p.Number, (stream, p) => new OwnedStream(stream, p.Id))
                .ToListAsync());
    }

    /// <summary>Claims one enabled stream with something to push, over which nobody is pushing, or whose instance was cut off.</summary>
    /// <returns>Null when there is none.</returns>
    public async Task<ClaimedStream?> TryClaimAsync(DateTimeOffset moment, TimeSpan duration)
    {
        var others = SqlText.Raw(store.IsPostgres ? "FOR UPDATE OF s SKIP LOCKED" : "");
        var (now, until) = (UnixMicroseconds.From(moment), UnixMicroseconds.From(moment + duration));
        var claimed = await store.WriteAsync<ClaimedStream>(SqlText.Join(
            $"""
            UPDATE signal_streams SET claims = claims + 1, claimed_until = {until}
            WHERE id = (
                SELECT s.id FROM signal_streams AS s JOIN principals AS p ON p.number = s.principal_number
                WHERE s.status = {(int)StreamStatus.Enabled} AND s.endpoint_url IS NOT NULL AND {MayHave}
                  AND s.next_attempt_at <= {now} AND (s.claimed_until IS NULL OR s.claimed_until <= {now})
                  AND EXISTS (SELECT 1 FROM signal_sets AS w WHERE w.stream_id = s.id AND w.expire_at > {now})
                ORDER BY s.next_attempt_at LIMIT 1 {others})
            RETURNING id AS "Id", (SELECT p.id FROM principals AS p WHERE p.number = principal_number) AS "Audience", endpoint_url AS "EndpointUrl",
                      key_id AS "KeyId", sealed_authorization AS "SealedAuthorization", claims AS "Claims", claimed_until AS "ClaimedUntil",
                      failures AS "Failures"
            """));
        return claimed.FirstOrDefault();
    }

    /// <summary>Whether the claim is not lost yet, and the stream and its service are still enabled.</summary>
    public Task<bool> MayPushAsync(ClaimedStream claimed) => store.ReadAsync(db => db.Set<SignalStream>()
        .Where(stream => stream.Id == claimed.Id && stream.Claims == claimed.Claims && stream.Status == StreamStatus.Enabled)
        .AnyAsync(stream => db.Set<Principal>().Any(p => p.Number == stream.PrincipalNumber
            && p.State == PrincipalState.Enabled && p.Type == PrincipalType.Service)));

    /// <summary>Gives the claim up before the receiver has answered to it.</summary>
    public Task<int> ReleaseAsync(ClaimedStream claimed, DateTimeOffset next) => store.WriteAsync(
        $"""
        UPDATE signal_streams SET claimed_until = NULL, next_attempt_at = {UnixMicroseconds.From(next)}
        WHERE id = {claimed.Id} AND claims = {claimed.Claims}
        """);

    /// <summary>Gives the claim up, after a success or with nothing left.</summary>
    public Task<int> FinishAsync(ClaimedStream claimed, DateTimeOffset next) => store.WriteAsync(
        $"""
        UPDATE signal_streams SET claimed_until = NULL, next_attempt_at = {UnixMicroseconds.From(next)}, failures = 0, failing_since = NULL
        WHERE id = {claimed.Id} AND claims = {claimed.Claims}
        """);

    /// <summary>Gives the claim up, after a failure.</summary>
    /// <param name="claimed">The claim.</param>
    /// <param name="failures">In a row.</param>
    /// <param name="isFirst">Whether something succeeded before it.</param>
    /// <param name="now">When it failed.</param>
    /// <param name="next">When it is tried again.</param>
    public Task<int> PutOffAsync(ClaimedStream claimed, int failures, bool isFirst, DateTimeOffset now, DateTimeOffset next) => store.WriteAsync(
        $"""
        UPDATE signal_streams SET claimed_until = NULL, next_attempt_at = {UnixMicroseconds.From(next)}, failures = {failures},
                                  failing_since = CASE WHEN {isFirst} THEN {UnixMicroseconds.From(now)}
                                                       ELSE COALESCE(failing_since, {UnixMicroseconds.From(now)}) END
        WHERE id = {claimed.Id} AND claims = {claimed.Claims}
        """);

    /// <summary>Deletes those of services that are no more, and of administrators, who could once make some.</summary>
    public Task<int> DeleteOrphansAsync(DateTimeOffset _, int limit, CancellationToken cancellation) => store.WriteAsync(
        $"""
        DELETE FROM signal_streams WHERE id IN (
            SELECT s.id FROM signal_streams AS s JOIN principals AS p ON p.number = s.principal_number
            WHERE p.state = {(int)PrincipalState.Deleted} OR p.type <> {(int)PrincipalType.Service} LIMIT {limit})
        """,
        cancellation);

    public SealedValue SealAuthorization(Guid id, string header) => box.Seal(Encoding.UTF8.GetBytes(header), SignalStream.PlaceOf(id));

    /// <exception cref="CryptographicException">Its key is no longer configured.</exception>
    public string? OpenAuthorization(ClaimedStream claimed) => claimed is { KeyId: { } keyId, SealedAuthorization: { } bytes }
        ? Encoding.UTF8.GetString(box.Open(new SealedValue(keyId, bytes), SignalStream.PlaceOf(claimed.Id)))
        : null;

    /// <summary>What is asked of the owner, p.</summary>
    private static FormattableString MayHave => $"p.state = {(int)PrincipalState.Enabled} AND p.type = {(int)PrincipalType.Service}";

    private static IQueryable<SignalStream> Of(AuthDbContext db, Principal owner) =>
        db.Set<SignalStream>().AsNoTracking().Where(stream => stream.PrincipalNumber == owner.Number);

    private async Task<bool> ChangedAsync(Func<AuthDbContext, Task<int>> statement) => await store.WriteAsync(statement) == 1;
}

using AuthService.Storage;
using Microsoft.EntityFrameworkCore;

namespace AuthService.Webhooks;

/// <summary>A delivery that only this instance may make until its lease expires.</summary>
internal sealed record LeasedDelivery(
    long Number, Guid WebhookId, string Id, string Event, string Payload, int Attempts, int AttemptsBefore, long LeasedUntil, long GiveUpAt, string Log)
    : ILeased;

/// <summary>Stores deliveries while they wait and for some days afterwards.</summary>
internal sealed class WebhookDeliveryStore(Store store, WebhookWakeUp signal)
{
    private static readonly FormattableString NothingAgain = $"NOTHING";

    /// <summary>Adds deliveries, inside the caller's transaction. Existing ones, which a replay has added, stay as they are.</summary>
    public Task AddAsync(IReadOnlyList<(Guid Webhook, WebhookMessage Message)> messages, DateTimeOffset now) => AddAsync(messages, now, NothingAgain);

    /// <summary>Adds deliveries, and requests existing ones again, including those that are being sent at this moment.</summary>
    public Task AddAgainAsync(IReadOnlyList<(Guid Webhook, WebhookMessage Message)> messages, DateTimeOffset now) => AddAsync(
        messages, now,
        $"""
        UPDATE SET status = {(int)DeliveryStatus.Waiting}, attempts_before = webhook_deliveries.attempts, next_attempt_at = excluded.next_attempt_at,
                   give_up_at = excluded.give_up_at, forget_at = excluded.forget_at
        """);

    /// <returns>False when there is no such delivery.</returns>
    public async Task<bool> TryRequestAgainAsync(Guid webhook, string id, DateTimeOffset now)
    {
        var requested = await store.WriteAsync(
            $"""
            UPDATE webhook_deliveries SET status = {(int)DeliveryStatus.Waiting}, attempts_before = attempts, next_attempt_at = {UnixMicroseconds.From(now)},
                   give_up_at = {UnixMicroseconds.From(now + WebhookDelivery.Lifetime)},
                   forget_at = {UnixMicroseconds.From(now + WebhookDelivery.Lifetime + WebhookDelivery.RetentionOfFailed)}
            WHERE webhook_id = {webhook} AND id = {id}
            """);
        store.AfterCommit(signal.Raise);
        return requested == 1;
    }

    /// <summary>Lists the webhooks that have a delivery due.</summary>
    public Task<List<Guid>> ListDueAsync(DateTimeOffset now) => store.ReadAsync<Guid>(
        $"""
        SELECT id AS "Value" FROM webhooks
        WHERE enabled AND EXISTS (
            SELECT 1 FROM webhook_deliveries
            WHERE webhook_id = webhooks.id AND next_attempt_at <= {UnixMicroseconds.From(now)}
              AND (claimed_until IS NULL OR claimed_until <= {UnixMicroseconds.From(now)}))
        """);

    /// <summary>Leases one due delivery that no instance is making, or that an interrupted instance has left.</summary>
    /// <returns>Null when none is due.</returns>
    public async Task<LeasedDelivery?> TryLeaseAsync(Guid webhook, DateTimeOffset now, TimeSpan duration)
    {
        var at = UnixMicroseconds.From(now);
        var leased = await store.WriteAsync<LeasedDelivery>(
            $"""
            UPDATE webhook_deliveries SET attempts = attempts + 1, claimed_until = {UnixMicroseconds.From(now + duration)}
            WHERE number = (
                SELECT number FROM webhook_deliveries
                WHERE webhook_id = {webhook} AND next_attempt_at <= {at} AND (claimed_until IS NULL OR claimed_until <= {at})
                  AND EXISTS (SELECT 1 FROM webhooks WHERE id = {webhook} AND enabled)
                ORDER BY next_attempt_at, number LIMIT 1 {store.SkipLocked})
            RETURNING number AS "Number", webhook_id AS "WebhookId", id AS "Id", event AS "Event", payload AS "Payload", attempts AS "Attempts",
                      attempts_before AS "AttemptsBefore", claimed_until AS "LeasedUntil", give_up_at AS "GiveUpAt", log AS "Log"
            """);
        return leased.FirstOrDefault();
    }

    /// <summary>
    /// Gives up the lease and stores the result. If the lease was lost, nothing changes. If the delivery was requested again meanwhile, it is sent again.
    /// </summary>
    /// <param name="delivery">The leased delivery.</param>
    /// <param name="attempt">The result of the attempt.</param>
    /// <param name="next">The time of the next attempt; null when there is none.</param>
    public async Task FinishAsync(LeasedDelivery delivery, WebhookAttempt attempt, DateTimeOffset? next)
    {
        var log = WebhookDelivery.AddTo(delivery.Log, attempt);
        var (status, forget) = (next, attempt.Outcome) switch
        {
            (not null, _) => (DeliveryStatus.Waiting, UnixMicroseconds.To(delivery.GiveUpAt) + WebhookDelivery.RetentionOfFailed),
            (_, AttemptOutcome.Delivered) => (DeliveryStatus.Delivered, attempt.At + WebhookDelivery.RetentionOfDelivered),
            _ => (DeliveryStatus.Failed, attempt.At + WebhookDelivery.RetentionOfFailed),
        };
        var finished = await store.WriteAsync(
            $"""
            UPDATE webhook_deliveries SET status = {(int)status}, next_attempt_at = {(next is { } at ? UnixMicroseconds.From(at) : (long?)null)},
                   forget_at = {UnixMicroseconds.From(forget)}, claimed_until = NULL, log = {log}
            WHERE number = {delivery.Number} AND attempts = {delivery.Attempts} AND give_up_at = {delivery.GiveUpAt}
            """);
        if (finished > 0)
            return;
        await store.WriteAsync(
            $"UPDATE webhook_deliveries SET claimed_until = NULL, log = {log} WHERE number = {delivery.Number} AND attempts = {delivery.Attempts}");
    }

    /// <summary>Gives up a lease that was not used.</summary>
    public Task<int> ReleaseAsync(LeasedDelivery delivery) => store.WriteAsync(
        $"UPDATE webhook_deliveries SET claimed_until = NULL WHERE number = {delivery.Number} AND attempts = {delivery.Attempts}");

    /// <summary>Lists the deliveries of a webhook, newest first, from a position on. New deliveries come before that position.</summary>
    public async Task<RowPage<WebhookDelivery>> ListAsync(Guid webhook, DeliveryStatus? status, RowPosition? after, int limit)
    {
        var found = await store.ReadAsync(db => Filter(db.Set<WebhookDelivery>().AsNoTracking().Where(delivery => delivery.WebhookId == webhook), status, after)
            .OrderByDescending(delivery => delivery.CreatedAt).ThenByDescending(delivery => delivery.Number).Take(limit + 1).ToListAsync());
        return RowPage.Of(found, limit, delivery => new RowPosition(delivery.CreatedAt, delivery.Number));
    }

    /// <summary>Counts the waiting deliveries of each webhook.</summary>
    public Task<Dictionary<Guid, int>> CountWaitingAsync() => store.ReadAsync(db => db.Set<WebhookDelivery>()
        .Where(delivery => delivery.NextAttemptAt != null).GroupBy(delivery => delivery.WebhookId)
        .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count));

    private static IQueryable<WebhookDelivery> Filter(IQueryable<WebhookDelivery> deliveries, DeliveryStatus? status, RowPosition? after)
    {
        if (status is not null)
            deliveries = deliveries.Where(d => d.Status == status);
        if (after is not null)
            deliveries = deliveries.Where(d => d.CreatedAt <= after.At && (d.CreatedAt < after.At || d.Number < after.Number));
        return deliveries;
    }

    private async Task AddAsync(IReadOnlyList<(Guid Webhook, WebhookMessage Message)> messages, DateTimeOffset now, FormattableString otherwise)
    {
        if (messages.Count == 0)
            return;
        foreach (var rows in store.IsPostgres ? [RowsOf(messages)] : messages.Select(RowOf))
        {
            await store.WriteAsync(
                $"""
                INSERT INTO webhook_deliveries
                       (webhook_id, id, event, payload, status, attempts, attempts_before, created_at, next_attempt_at, give_up_at, forget_at, log)
                SELECT r.webhook_id, r.id, r.event, r.payload, {(int)DeliveryStatus.Waiting}, 0, 0, {UnixMicroseconds.From(now)}, {UnixMicroseconds.From(now)},
                       {UnixMicroseconds.From(now + WebhookDelivery.Lifetime)},
                       {UnixMicroseconds.From(now + WebhookDelivery.Lifetime + WebhookDelivery.RetentionOfFailed)}, '[]'
                FROM {rows} WHERE true
                ON CONFLICT (webhook_id, id) DO {otherwise}
                """);
        }

        store.AfterCommit(signal.Raise);
    }

    private static FormattableString RowsOf(IReadOnlyList<(Guid Webhook, WebhookMessage Message)> messages) =>
        $"""
        unnest({messages.Select(m => m.Webhook).ToArray()}, {messages.Select(m => m.Message.Id).ToArray()}, {messages.Select(m => m.Message.Type).ToArray()},
               {messages.Select(m => m.Message.Payload).ToArray()}) AS r (webhook_id, id, event, payload)
        """;

    private static FormattableString RowOf((Guid Webhook, WebhookMessage Message) one) =>
        $"(SELECT {one.Webhook} AS webhook_id, {one.Message.Id} AS id, {one.Message.Type} AS event, {one.Message.Payload} AS payload) AS r";
}

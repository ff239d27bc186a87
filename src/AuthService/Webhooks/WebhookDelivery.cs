using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Webhooks;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum DeliveryStatus
{
    Waiting = 0,
    Delivered = 1,

    /// <summary>The delivery was given up.</summary>
    Failed = 2,
}

/// <summary>One attempt to deliver.</summary>
/// <param name="At">The time when it began.</param>
/// <param name="Outcome">One of <see cref="AttemptOutcome"/>.</param>
/// <param name="StatusCode">The status of the response; null when there was none.</param>
/// <param name="DurationMs">The duration in milliseconds.</param>
internal sealed record WebhookAttempt(DateTimeOffset At, string Outcome, int? StatusCode, long DurationMs);

/// <summary>A message to one webhook, about one audit entry or for a test. It keeps its id whenever it is sent again.</summary>
internal sealed class WebhookDelivery
{
    /// <summary>How long the delivery is tried.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>How long a delivery is kept after it succeeded.</summary>
    public static readonly TimeSpan RetentionOfDelivered = TimeSpan.FromDays(3);

    /// <summary>How long a delivery is kept after it was given up.</summary>
    public static readonly TimeSpan RetentionOfFailed = TimeSpan.FromDays(7);

    /// <summary>
    /// The most deliveries that should wait for one webhook (<see cref="WebhookBacklogCheck"/>). When it is disabled for this, the administrators are notified,
    /// and a replay can send the missed messages later.
    /// </summary>
    public const int MostWaiting = 100_000;

    private const int MostAttemptsKept = 20;

    /// <summary>The number that the store assigns.</summary>
    public long Number { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>The header <c>webhook-id</c>, by which a receiver recognizes duplicates.</summary>
    public required string Id { get; init; }

    /// <summary>The <c>type</c> in the body.</summary>
    public required string Event { get; init; }

    /// <summary>The body of the request.</summary>
    public required string Payload { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DeliveryStatus Status { get; init; }

    /// <summary>Increased by each lease, so that an instance that has lost its lease changes nothing.</summary>
    public int Attempts { get; init; }

    /// <summary>The number of attempts before the delivery was last requested again.</summary>
    public int AttemptsBefore { get; init; }

    /// <summary>The time of the next attempt; null unless the delivery waits.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The end of the lease of the instance that is delivering it; null when none is.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>The time of the final attempt; no attempt is scheduled after it.</summary>
    public required DateTimeOffset GiveUpAt { get; init; }

    public required DateTimeOffset ForgetAt { get; init; }

    /// <summary>The last attempts as JSON.</summary>
    public required string Log { get; init; }

    public static IReadOnlyList<WebhookAttempt> ReadLog(string log) => JsonSerializer.Deserialize<WebhookAttempt[]>(log, JsonSerializerOptions.Default)!;

    public static string AddTo(string log, WebhookAttempt attempt) =>
        JsonSerializer.Serialize(ReadLog(log).Append(attempt).TakeLast(MostAttemptsKept), JsonSerializerOptions.Default);
}

internal sealed class WebhookDeliveryTable : IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookDelivery> table)
    {
        table.ToTable("webhook_deliveries");
        table.HasKey(delivery => delivery.Number);
        table.Property(delivery => delivery.Number).ValueGeneratedOnAdd();
        table.Property(delivery => delivery.Id).IsRequired();
        table.Property(delivery => delivery.LeasedUntil).HasColumnName("claimed_until");
        table.HasIndex(delivery => new { delivery.WebhookId, delivery.Id }).IsUnique();
        table.HasIndex(delivery => new { delivery.WebhookId, delivery.CreatedAt, delivery.Number });
        table.HasIndex(delivery => new { delivery.WebhookId, delivery.Status, delivery.CreatedAt, delivery.Number });
        table.HasIndex(delivery => new { delivery.WebhookId, delivery.NextAttemptAt }).HasFilter("next_attempt_at IS NOT NULL");
        table.HasIndex(delivery => delivery.ForgetAt);
        table.HasOne<Webhook>().WithMany().HasForeignKey(delivery => delivery.WebhookId).OnDelete(DeleteBehavior.Cascade);
    }
}

using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Webhooks;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum DeliveryStatus
{
    Waiting = 0,
    Delivered = 1,

    /// <summary>Given up.</summary>
    Failed = 2,
}

/// <summary>One try to deliver.</summary>
/// <param name="At">When it began.</param>
/// <param name="Outcome">One of <see cref="AttemptOutcome"/>.</param>
/// <param name="StatusCode">What the receiver answered; null when it did not.</param>
/// <param name="DurationMs">How long it took.</param>
internal sealed record WebhookAttempt(DateTimeOffset At, string Outcome, int? StatusCode, long DurationMs);

/// <summary>What one webhook is told of one audit entry, or to test it. The same message keeps its id whenever it is sent.</summary>
internal sealed class WebhookDelivery
{
    /// <summary>How long it is tried.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>How long it is kept after it was delivered.</summary>
    public static readonly TimeSpan RetentionOfDelivered = TimeSpan.FromDays(3);

    /// <summary>How long it is kept after it was given up.</summary>
    public static readonly TimeSpan RetentionOfFailed = TimeSpan.FromDays(7);

    /// <summary>More than these are not made for one webhook: the administrators are told, and a replay sends what was missed.</summary>
    public const int MostWaiting = 100_000;

    private const int MostAttemptsKept = 20;

    /// <summary>Given by the store.</summary>
    public long Number { get; init; }

    public required Guid WebhookId { get; init; }

    /// <summary>The header <c>webhook-id</c>: by it a receiver knows what it has had already.</summary>
    public required string Id { get; init; }

    /// <summary><c>type</c> in the body.</summary>
    public required string Event { get; init; }

    /// <summary>The body.</summary>
    public required string Payload { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DeliveryStatus Status { get; init; }

    /// <summary>Raised by each claim, so that whoever has lost theirs changes nothing.</summary>
    public int Attempts { get; init; }

    /// <summary>How many of them were made before it was last asked for again.</summary>
    public int AttemptsBefore { get; init; }

    /// <summary>Null unless it waits.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Until then an instance is delivering it.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>No attempt is put off beyond it.</summary>
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
        table.HasIndex(delivery => new { delivery.WebhookId, delivery.Id }).IsUnique();
        table.HasIndex(delivery => new { delivery.WebhookId, delivery.CreatedAt, delivery.Number });
        table.HasIndex(delivery => new { delivery.WebhookId, delivery.NextAttemptAt }).HasFilter("next_attempt_at IS NOT NULL");
        table.HasIndex(delivery => delivery.ForgetAt);
        table.HasOne<Webhook>().WithMany().HasForeignKey(delivery => delivery.WebhookId).OnDelete(DeleteBehavior.Cascade);
    }
}

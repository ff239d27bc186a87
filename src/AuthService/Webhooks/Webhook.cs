using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Webhooks;

/// <summary>Stored as a number; the order must not change.</summary>
internal enum DisabledReason
{
    ByAdministrator = 0,

    /// <summary>The receiver answered 410.</summary>
    Gone = 1,

    /// <summary>Five days of nothing but failure.</summary>
    Failing = 2,

    /// <summary>More deliveries waited than may.</summary>
    Overflowing = 3,
}

/// <summary>An address that is told of audit entries, signed by the Standard Webhooks specification.</summary>
internal sealed record Webhook
{
    public const int LongestUrl = 2_000;

    /// <summary>How long what is sent is also signed with the secret from before a rotation.</summary>
    public static readonly TimeSpan SecretOverlap = TimeSpan.FromDays(1);

    /// <summary>Nothing but failure for so long disables a webhook.</summary>
    public static readonly TimeSpan LongestFailure = TimeSpan.FromDays(5);

    public required Guid Id { get; init; }

    /// <summary>May hold a secret of the receiver's, so that it stands in no log and no audit entry.</summary>
    public required string Url { get; init; }

    public string? Description { get; init; }

    /// <summary>Patterns of <see cref="EventPattern"/> with spaces between them; null for every success.</summary>
    public string? Events { get; init; }

    public bool Enabled { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public DisabledReason? DisabledReason { get; init; }

    /// <summary>The first failure since the last success.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Which of the configured keys sealed the secret.</summary>
    public required string KeyId { get; init; }

    /// <summary>A <see cref="WebhookSecret"/>.</summary>
    public required byte[] SealedSecret { get; init; }

    public string? PreviousKeyId { get; init; }

    public byte[]? PreviousSealedSecret { get; init; }

    public DateTimeOffset? PreviousSecretUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<string>? EventPatterns => Events?.Split(' ');

    /// <summary>For audit entries: which one, and of the address no more than the host.</summary>
    public string ToAuditText() => $"{Id} ({new Uri(Url).IdnHost})";

    /// <summary>What the secrets are sealed for.</summary>
    public static byte[] PlaceOf(Guid id) => Encoding.UTF8.GetBytes($"webhook/{id:N}");

    public override string ToString() => $"Webhook {Id}";
}

internal sealed class WebhookTable : IEntityTypeConfiguration<Webhook>
{
    public const string Name = "webhooks";

    public void Configure(EntityTypeBuilder<Webhook> table)
    {
        table.ToTable(Name);
        table.HasKey(webhook => webhook.Id);
        table.Property(webhook => webhook.Id).ValueGeneratedNever();
        table.Ignore(webhook => webhook.EventPatterns);
    }
}

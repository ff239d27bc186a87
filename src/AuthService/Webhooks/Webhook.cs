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

    /// <summary>Every delivery has failed for five days.</summary>
    Failing = 2,

    /// <summary>Too many deliveries were waiting.</summary>
    Overflowing = 3,
}

/// <summary>An address that receives messages about audit entries, signed as the Standard Webhooks specification says.</summary>
internal sealed record Webhook
{
    public const int LongestUrl = 2_000;

    /// <summary>How long messages are also signed with the previous secret after a rotation.</summary>
    public static readonly TimeSpan SecretOverlap = TimeSpan.FromDays(1);

    /// <summary>How long every delivery must have failed until the webhook is disabled.</summary>
    public static readonly TimeSpan LongestFailure = TimeSpan.FromDays(5);

    public required Guid Id { get; init; }

    /// <summary>The address. It may contain a secret of the receiver, so it is written to no log and no audit entry.</summary>
    public required string Url { get; init; }

    public string? Description { get; init; }

    /// <summary>The patterns (<see cref="EventPattern"/>), separated by spaces; null for every success.</summary>
    public string? Events { get; init; }

    public bool Enabled { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public DisabledReason? DisabledReason { get; init; }

    /// <summary>The time of the first failure since the last success; null after a success.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>The id of the configured key that encrypted the secret.</summary>
    public required string KeyId { get; init; }

    /// <summary>The encrypted <see cref="WebhookSecret"/>.</summary>
    public required byte[] SealedSecret { get; init; }

    public string? PreviousKeyId { get; init; }

    public byte[]? PreviousSealedSecret { get; init; }

    public DateTimeOffset? PreviousSecretUntil { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<string>? EventPatterns => Events?.Split(' ');

    /// <summary>Returns the id and the host for audit entries, and no more of the address.</summary>
    public string ToAuditText() => $"{Id} ({new Uri(Url).IdnHost})";

    /// <summary>Returns the context that the secrets are bound to when they are encrypted.</summary>
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

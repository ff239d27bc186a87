using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Mail;

/// <summary>A mail that no server has accepted yet. The recipient and the content are encrypted.</summary>
internal sealed class OutboxMail
{
    /// <summary>How long sending a mail is tried.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>The id of the mail, from which its Message-ID is made.</summary>
    public required Guid Id { get; init; }

    /// <summary>The <see cref="MailKind.Name"/> of its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The id of the configured key that encrypted the content.</summary>
    public required string KeyId { get; init; }

    /// <summary>The encrypted <see cref="MailContent"/>.</summary>
    public required byte[] SealedContent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>Increased by each lease, so that an instance that has lost its lease changes nothing.</summary>
    public int Attempts { get; init; }

    /// <summary>The end of the lease of the instance that is sending it; null when none is.</summary>
    public DateTimeOffset? LeasedUntil { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }

    /// <summary>Returns the context that the content is bound to when it is encrypted.</summary>
    public static byte[] PlaceOf(Guid id) => Encoding.UTF8.GetBytes($"mail/{id:N}");
}

internal sealed class OutboxMailTable : IEntityTypeConfiguration<OutboxMail>
{
    public void Configure(EntityTypeBuilder<OutboxMail> table)
    {
        table.ToTable("outbox_mails");
        table.HasKey(mail => mail.Id);
        table.Property(mail => mail.LeasedUntil).HasColumnName("claimed_until");
        table.HasIndex(mail => mail.NextAttemptAt);
        table.HasIndex(mail => mail.ExpireAt);
    }
}

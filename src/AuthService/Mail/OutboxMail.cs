using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Mail;

/// <summary>A mail that no server has taken yet. Whom it is to and what it says is sealed.</summary>
internal sealed class OutboxMail
{
    /// <summary>How long it is tried.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>The Message-ID is made from it.</summary>
    public required Guid Id { get; init; }

    /// <summary><see cref="MailKind.Name"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Which of the configured keys sealed the content.</summary>
    public required string KeyId { get; init; }

    /// <summary>A <see cref="MailContent"/>.</summary>
    public required byte[] SealedContent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>Raised by each claim, so that whoever has lost theirs changes nothing.</summary>
    public int Attempts { get; init; }

    /// <summary>Until then an instance is sending it.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }

    /// <summary>What the content is sealed for.</summary>
    public static byte[] PlaceOf(Guid id) => Encoding.UTF8.GetBytes($"mail/{id:N}");
}

/// <summary>When the last three mails of a kind went to one address, or were asked for by one person, under the hash of both: no more in the window.</summary>
internal sealed class MailBudget
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public required byte[] KeyHash { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required DateTimeOffset SecondLastAt { get; init; }

    public required DateTimeOffset ThirdLastAt { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class OutboxMailTable : IEntityTypeConfiguration<OutboxMail>
{
    public void Configure(EntityTypeBuilder<OutboxMail> table)
    {
        table.ToTable("outbox_mails");
        table.HasKey(mail => mail.Id);
        table.HasIndex(mail => mail.NextAttemptAt);
        table.HasIndex(mail => mail.ExpireAt);
    }
}

internal sealed class MailBudgetTable : IEntityTypeConfiguration<MailBudget>
{
    public void Configure(EntityTypeBuilder<MailBudget> table)
    {
        table.ToTable("mail_budgets");
        table.HasKey(budget => budget.KeyHash);
        table.HasIndex(budget => budget.ExpireAt);
    }
}

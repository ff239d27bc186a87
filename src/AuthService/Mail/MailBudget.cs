using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Mail;

/// <summary>
/// The times of the last three mails of a kind to one address, or requested by one person, by the hash of both. No more than three are sent in the window.
/// </summary>
internal sealed class MailBudget
{
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public required byte[] KeyHash { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required DateTimeOffset SecondLastAt { get; init; }

    public required DateTimeOffset ThirdLastAt { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
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

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Signals;

/// <summary>A SET that its receiver has not accepted yet. It is signed when it is delivered, so that the key is always a published one.</summary>
internal sealed class WaitingSet
{
    /// <summary>The <c>jti</c>, which stays the same at each attempt.</summary>
    public required Guid Id { get; init; }

    public required Guid StreamId { get; init; }

    /// <summary>The number that the store assigns; it is the order in the stream.</summary>
    public long Number { get; init; }

    /// <summary>One of <see cref="SignalEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary>The claims that do not depend on the receiver, as JSON.</summary>
    public required string Claims { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The number of times that the receiver has refused the SET.</summary>
    public int Refusals { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class WaitingSetTable : IEntityTypeConfiguration<WaitingSet>
{
    public void Configure(EntityTypeBuilder<WaitingSet> table)
    {
        table.ToTable("signal_sets");
        table.HasKey(set => set.Number);
        table.Property(set => set.Number).ValueGeneratedOnAdd();
        table.HasIndex(set => set.Id).IsUnique();
        table.HasIndex(set => new { set.StreamId, set.Number });
        table.HasIndex(set => set.ExpireAt);
        table.HasOne<SignalStream>().WithMany().HasForeignKey(set => set.StreamId).OnDelete(DeleteBehavior.Cascade);
    }
}

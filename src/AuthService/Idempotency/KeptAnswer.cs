using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Idempotency;

/// <summary>The answer to a call that carried an idempotency key, sealed, for its repeats.</summary>
internal sealed class KeptAnswer
{
    /// <summary>Of caller, route and key.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>Of what the call asked for: a repeat asks for the same.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>Which of the configured keys sealed the answer.</summary>
    public required string KeyId { get; init; }

    public required byte[] SealedAnswer { get; init; }

    /// <summary>From then on the key is free again, whether or not the row has been cleaned up.</summary>
    public required DateTimeOffset ForgetAt { get; init; }
}

internal sealed class KeptAnswerTable : IEntityTypeConfiguration<KeptAnswer>
{
    public void Configure(EntityTypeBuilder<KeptAnswer> table)
    {
        table.ToTable("kept_answers");
        table.HasKey(answer => answer.KeyHash);
        table.HasIndex(answer => answer.ForgetAt);
    }
}

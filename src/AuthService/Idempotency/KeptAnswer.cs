using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Idempotency;

/// <summary>The encrypted response to a call with an idempotency key, stored for its repeats.</summary>
internal sealed class KeptAnswer
{
    /// <summary>The hash of caller, route and key.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>The hash of the request. A repeat must send the same request.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>The id of the configured key that encrypted the response.</summary>
    public required string KeyId { get; init; }

    public required byte[] SealedAnswer { get; init; }

    /// <summary>When the idempotency key may be used again, whether or not the row has been deleted.</summary>
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

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Principals;

/// <summary>An API key as the store knows it, under its hash. It is deleted when its service is disabled or deleted.</summary>
internal sealed class ApiKeyRecord
{
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>For people, to tell keys apart.</summary>
    public required string Name { get; init; }

    /// <summary>The beginning of the key, by which its holder knows it again.</summary>
    public required string Prefix { get; init; }

    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From here on it is refused; null: it does not expire.</summary>
    public DateTimeOffset? ExpireAt { get; init; }

    /// <summary>To the minute; null when it was never used.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>An API key with the service that it speaks for.</summary>
internal sealed record ApiKeyWithService(ApiKeyRecord Key, Principal Principal);

internal sealed class ApiKeyTable : IEntityTypeConfiguration<ApiKeyRecord>
{
    public void Configure(EntityTypeBuilder<ApiKeyRecord> table)
    {
        table.ToTable("api_keys");
        table.HasKey(key => key.Id);
        table.Property(key => key.Id).ValueGeneratedNever();
        table.HasIndex(key => key.Hash).IsUnique();
        table.HasIndex(key => key.PrincipalNumber);
        table.HasOne<Principal>().WithMany().HasForeignKey(key => key.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

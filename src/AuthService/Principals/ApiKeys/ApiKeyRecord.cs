using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Principals.ApiKeys;

/// <summary>An API key as it is stored, by its hash. It is deleted when its service is disabled or deleted.</summary>
internal sealed class ApiKeyRecord
{
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>A name with which people distinguish keys.</summary>
    public required string Name { get; init; }

    /// <summary>The first characters of the key, by which its holder recognizes it.</summary>
    public required string Prefix { get; init; }

    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires; null when it does not.</summary>
    public DateTimeOffset? ExpireAt { get; init; }

    /// <summary>When it was last used, to about a minute; null when it never was.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>An API key with its service.</summary>
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

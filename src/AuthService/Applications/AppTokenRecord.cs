using System.Text.Json;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Applications;

/// <summary>An app token as the store knows it, under its hash. Gone with its application.</summary>
internal sealed class AppTokenRecord
{
    public required byte[] Hash { get; init; }

    public required long ApplicationNumber { get; init; }

    /// <summary>What the portal may show to whoever holds the token; null when nobody said so.</summary>
    public string[]? FeatureFlags { get; init; }

    /// <summary>The caller's own name for a session, by which an expire-all finds the tokens that were made with it.</summary>
    public string? SessionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Moved nearer by an expire-all, never farther.</summary>
    public required DateTimeOffset ExpireAt { get; init; }
}

/// <summary>An app token that holds at this moment.</summary>
internal sealed record VerifiedAppToken(AppTokenRecord Token, Application Application);

internal sealed class AppTokenTable : IEntityTypeConfiguration<AppTokenRecord>
{
    public void Configure(EntityTypeBuilder<AppTokenRecord> table)
    {
        table.ToTable("app_tokens");
        table.HasKey(token => token.Hash);
        table.HasIndex(token => new { token.ApplicationNumber, token.ExpireAt });
        table.HasIndex(token => token.ExpireAt);
        table.HasIndex(token => new { token.ApplicationNumber, token.SessionId }).HasFilter("session_id IS NOT NULL");
        table.Property(token => token.FeatureFlags).HasConversion(
            flags => JsonSerializer.Serialize(flags, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<string[]>(json, JsonSerializerOptions.Default),
            new ReferenceComparer<string[]?>());
        table.HasOne<Application>().WithMany().HasForeignKey(token => token.ApplicationNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

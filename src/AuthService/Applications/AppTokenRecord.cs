using System.Text.Json;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Applications;

/// <summary>An app token as it is stored, by its hash. It is deleted with its application.</summary>
internal sealed class AppTokenRecord
{
    public required byte[] Hash { get; init; }

    public required long ApplicationNumber { get; init; }

    /// <summary>The features that the portal may show to the holder of the token; null when none were given.</summary>
    public string[]? FeatureFlags { get; init; }

    /// <summary>The caller's own id of a session, by which an expire-all finds the tokens that were issued with it.</summary>
    public string? SessionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it expires. An expire-all can only make this earlier.</summary>
    public required DateTimeOffset ExpireAt { get; init; }
}

/// <summary>An app token that is valid at this moment.</summary>
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

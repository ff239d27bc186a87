using AuthService.Revocations;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions.Revoking;

/// <summary>
/// The record that is kept for a week after a session ended. It tells the holder of the old refresh token why the session ended. It has a table of its own so
/// that the indexes of the sessions stay small.
/// </summary>
internal sealed class EndedSession : ICommitOrdered
{
    public static readonly TimeSpan Lifetime = RevocationReader.Kept;

    /// <summary>The id of the session.</summary>
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    public byte[]? RefreshTokenHash { get; init; }

    public Guid? RootId { get; init; }

    public Guid? ExtendedFrom { get; init; }

    /// <summary>The lifetime of its access tokens; null when it was the configured one.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>When the last token expires that was made from one of the session's tokens; null unless it outlives the session's own tokens.</summary>
    public DateTimeOffset? TokensUntil { get; init; }

    public long? Position { get; init; }

    public required EndReason Reason { get; init; }

    /// <summary>The id of the principal that ended it; null when the session signed out with its own refresh token, or when it expired.</summary>
    public string? EndedBy { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class EndedSessionTable : IEntityTypeConfiguration<EndedSession>
{
    public void Configure(EntityTypeBuilder<EndedSession> table)
    {
        table.ToTable("ended_sessions");
        table.HasKey(ended => ended.Id);
        table.Property(ended => ended.Id).ValueGeneratedNever();
        table.HasIndex(ended => ended.RefreshTokenHash).IsUnique();
        table.HasIndex(ended => ended.RootId).HasFilter("root_id IS NOT NULL");
        table.HasIndex(ended => ended.ExpireAt);
        table.HasIndex(ended => ended.Position).HasFilter("position IS NOT NULL");
    }
}

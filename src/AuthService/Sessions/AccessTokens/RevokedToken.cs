using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions.AccessTokens;

/// <summary>An access token that was revoked individually before it expired: one without a session, an extended or a one-time token.</summary>
internal sealed class RevokedToken : ICommitOrdered
{
    /// <summary>The <see cref="Tokens.TokenFingerprint"/> of the token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>When the row can be deleted, because the token has expired by every instance's clock.</summary>
    public required DateTimeOffset ForgetAt { get; init; }

    public long? Position { get; init; }
}

internal sealed class RevokedTokenTable : IEntityTypeConfiguration<RevokedToken>
{
    public void Configure(EntityTypeBuilder<RevokedToken> table)
    {
        table.ToTable("revoked_tokens");
        table.HasKey(token => token.TokenHash);
        table.HasIndex(token => token.ForgetAt);
        table.HasIndex(token => token.Position).HasFilter("position IS NOT NULL");
    }
}

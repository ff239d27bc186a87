using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions;

/// <summary>An access token without a session that was revoked before its time.</summary>
internal sealed class RevokedToken
{
    /// <summary>Its <see cref="Tokens.TokenFingerprint"/>.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>When it is long dead by itself.</summary>
    public required DateTimeOffset ForgetAt { get; init; }
}

internal sealed class RevokedTokenTable : IEntityTypeConfiguration<RevokedToken>
{
    public void Configure(EntityTypeBuilder<RevokedToken> table)
    {
        table.ToTable("revoked_tokens");
        table.HasKey(token => token.TokenHash);
        table.HasIndex(token => token.ForgetAt);
    }
}

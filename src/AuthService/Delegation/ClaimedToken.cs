using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Delegation;

/// <summary>A one-time token that has been used, under the hash of its <c>jti</c>: others issue them too, in any form.</summary>
internal sealed class ClaimedToken
{
    public required byte[] JtiHash { get; init; }

    /// <summary>When it may be forgotten; until it has been cleaned up it still counts.</summary>
    public required DateTimeOffset ForgetAt { get; init; }
}

internal sealed class ClaimedTokenTable : IEntityTypeConfiguration<ClaimedToken>
{
    public void Configure(EntityTypeBuilder<ClaimedToken> table)
    {
        table.ToTable("claims");
        table.HasKey(claim => claim.JtiHash);
        table.HasIndex(claim => claim.ForgetAt);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Delegation;

/// <summary>A claimed one-time token, stored by the hash of its <c>jti</c>, because other issuers' ids may have any form.</summary>
internal sealed class ClaimedToken
{
    public required byte[] JtiHash { get; init; }

    /// <summary>When the row may be deleted; until then it still counts.</summary>
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

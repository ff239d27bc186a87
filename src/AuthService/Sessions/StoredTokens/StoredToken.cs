using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Sessions.StoredTokens;

/// <summary>A token of a single sign-on provider that a service stores with a session. It is deleted with the session.</summary>
internal sealed class StoredToken
{
    public required Guid SessionId { get; init; }

    public required string TokenId { get; init; }

    /// <summary>The id of the configured key that encrypted the value.</summary>
    public required string KeyId { get; init; }

    public required byte[] SealedValue { get; init; }

    /// <summary>The number of the principal who first wrote it; null for a token from before this was stored.</summary>
    public long? WriterNumber { get; init; }
}

internal sealed class StoredTokenTable : IEntityTypeConfiguration<StoredToken>
{
    public void Configure(EntityTypeBuilder<StoredToken> table)
    {
        table.ToTable("stored_tokens");
        table.HasKey(token => new { token.SessionId, token.TokenId });
        table.HasOne<Session>().WithMany().HasForeignKey(token => token.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}

using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Revocations;

/// <summary>
/// A revocation of access tokens with a session or principal that continues: the tokens of an earlier identity of a session, those of a principal or API key
/// without a session, and those that a principal extended. Ended sessions and individually revoked tokens have rows of their own.
/// </summary>
internal sealed class IdentityRevocation : ICommitOrdered
{
    /// <summary>How far the clocks of instances may differ: a token may have been issued by an instance with a clock that is ahead.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(2);

    /// <summary>The number that the store assigns.</summary>
    public long Number { get; init; }

    public long? Position { get; init; }

    /// <summary>
    /// Only tokens of this session. When null, only tokens without a session, except that <see cref="ExtendedBy"/> also matches tokens with a session.
    /// </summary>
    public Guid? SessionId { get; init; }

    /// <summary>Only tokens of this principal; null for the tokens of an API key. With <see cref="ExtendedBy"/> it is the id of the extender.</summary>
    public string? Subject { get; init; }

    /// <summary>Only tokens with a lower security stamp.</summary>
    public int? SecurityStamp { get; init; }

    public Guid? ApiKeyId { get; init; }

    /// <summary>Only tokens that this principal extended, no matter to which principal they belong.</summary>
    public string? ExtendedBy { get; init; }

    /// <summary>
    /// Only tokens issued before this: the time of the revocation. When only their time distinguishes the tokens, it is <see cref="ClockDifference"/> later.
    /// </summary>
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>When the last of the tokens expires, if that is later than usual.</summary>
    public DateTimeOffset? TokensUntil { get; init; }

    public required DateTimeOffset ForgetAt { get; init; }

    /// <summary>Creates the revocation of the tokens that a principal got without a session.</summary>
    /// <param name="subject">The id of the principal.</param>
    /// <param name="stamp">The new security stamp of the principal.</param>
    /// <param name="at">The current time.</param>
    public static IdentityRevocation OfPrincipal(string subject, int stamp, DateTimeOffset at) =>
        new() { Subject = subject, SecurityStamp = stamp, RevokedAt = at, ForgetAt = at + RevocationReader.Kept };

    /// <summary>
    /// Creates the revocation of the tokens that a principal extended. An instance of the previous version reads it as the tokens that the principal got
    /// without a session, which are revoked at the same time anyway.
    /// </summary>
    /// <param name="id">The id of the principal.</param>
    /// <param name="mayHave">Whether it could extend tokens until now. A principal that is enabled again has extended none since it was disabled.</param>
    /// <param name="at">The current time.</param>
    public static IdentityRevocation OfExtender(string id, bool mayHave, DateTimeOffset at) => new()
    {
        ExtendedBy = id,
        Subject = id,
        RevokedAt = mayHave ? at + ClockDifference : at,
        TokensUntil = at + RevocationReader.LongestDerived,
        ForgetAt = at + RevocationReader.Kept,
    };

    /// <summary>Creates the revocation of the tokens that were issued for an API key.</summary>
    public static IdentityRevocation OfApiKey(Guid key, DateTimeOffset at) => new() { ApiKeyId = key, RevokedAt = at, ForgetAt = at + RevocationReader.Kept };
}

internal sealed class IdentityRevocationTable : IEntityTypeConfiguration<IdentityRevocation>
{
    public const string Name = "identity_revocations";

    public void Configure(EntityTypeBuilder<IdentityRevocation> table)
    {
        table.ToTable(Name);
        table.HasKey(revocation => revocation.Number);
        table.Property(revocation => revocation.Number).ValueGeneratedOnAdd();
        table.HasIndex(revocation => revocation.ForgetAt);
        table.HasIndex(revocation => revocation.Position).HasFilter("position IS NOT NULL");
    }
}

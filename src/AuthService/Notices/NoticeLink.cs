using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Notices;

/// <summary>The "it wasn't me" of one notice, under the hash of its token, and what is undone with it.</summary>
internal sealed class NoticeLink
{
    /// <summary>People on holiday read their mail late.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public required byte[] TokenHash { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>Where the notice went; the person's address is this one again.</summary>
    public required string Address { get; init; }

    /// <summary>The passkey that was made.</summary>
    public Guid? PasskeyId { get; init; }

    /// <summary>Whether an authenticator app was connected.</summary>
    public bool RemovesTotp { get; init; }

    /// <summary>The account at an identity provider that was linked.</summary>
    public Guid? IdentityId { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }

    /// <summary>When the notice was written.</summary>
    public DateTimeOffset SentAt => ExpireAt - Lifetime;
}

internal sealed class NoticeLinkTable : IEntityTypeConfiguration<NoticeLink>
{
    public void Configure(EntityTypeBuilder<NoticeLink> table)
    {
        table.ToTable("notice_links");
        table.HasKey(link => link.TokenHash);
        table.HasIndex(link => link.PrincipalNumber);
        table.HasIndex(link => link.ExpireAt);
        table.HasOne<Principal>().WithMany().HasForeignKey(link => link.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

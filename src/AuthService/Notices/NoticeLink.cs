using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.Notices;

/// <summary>Stores the link "it wasn't me" of one notice, by the hash of its token, with what it undoes.</summary>
internal sealed class NoticeLink
{
    /// <summary>The lifetime of a link. It is long because people on holiday read their mail late.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public required byte[] TokenHash { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The address that the notice was sent to. Using the link makes it the person's address again.</summary>
    public required string Address { get; init; }

    /// <summary>The passkey that was added, which the link removes.</summary>
    public Guid? PasskeyId { get; init; }

    /// <summary>Whether an authenticator app was connected, which the link removes.</summary>
    public bool RemovesTotp { get; init; }

    /// <summary>The account at an identity provider that was linked, which the link removes.</summary>
    public Guid? IdentityId { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }

    /// <summary>The time when the notice was written.</summary>
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

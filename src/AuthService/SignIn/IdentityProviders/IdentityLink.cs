using AuthService.Audit;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Links an account at an identity provider to a person. Each issuer and subject belongs to one person, who may have several.</summary>
internal sealed class IdentityLink
{
    /// <summary>The id of the link in the person's own requests.</summary>
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    /// <summary>The title of the provider in the settings when the link was added.</summary>
    public required string Provider { get; init; }

    /// <summary>The name by which the person knows the account, such as their address there; null when the provider gave none.</summary>
    public string? Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public string ToAuditText() => AuditTextOf(Provider, Subject);

    public static string AuditTextOf(string provider, string subject) => $"{provider} {AuditText.Printable(subject)}";
}

internal sealed class IdentityLinkTable : IEntityTypeConfiguration<IdentityLink>
{
    public void Configure(EntityTypeBuilder<IdentityLink> table)
    {
        table.ToTable("identity_links");
        table.HasKey(link => link.Id);
        table.Property(link => link.Id).ValueGeneratedNever();
        table.HasIndex(link => new { link.Issuer, link.Subject }).IsUnique();
        table.HasIndex(link => link.PrincipalNumber);
        table.HasOne<Principal>().WithMany().HasForeignKey(link => link.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

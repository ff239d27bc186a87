using AuthService.Audit;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>Who somebody is at a provider and who they are here: one person for each issuer and subject, however many of those a person has.</summary>
internal sealed class IdentityLink
{
    /// <summary>For the person's own calls.</summary>
    public required Guid Id { get; init; }

    public required long PrincipalNumber { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    /// <summary>The title that the provider had in the settings.</summary>
    public required string Provider { get; init; }

    /// <summary>What the person knows it by, such as their address there; null where the provider did not say.</summary>
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

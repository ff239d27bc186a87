using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>An identity that was removed from a person. It is not linked to them by address again until they add it themselves.</summary>
internal sealed class RemovedIdentity
{
    public required long PrincipalNumber { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required DateTimeOffset RemovedAt { get; init; }
}

internal sealed class RemovedIdentityTable : IEntityTypeConfiguration<RemovedIdentity>
{
    public void Configure(EntityTypeBuilder<RemovedIdentity> table)
    {
        table.ToTable("removed_identities");
        table.HasKey(removed => new { removed.PrincipalNumber, removed.Issuer, removed.Subject });
        table.HasOne<Principal>().WithMany().HasForeignKey(removed => removed.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>An identity that a person can no longer sign in with.</summary>
/// <param name="Provider">The title that the provider had in the settings.</param>
/// <param name="Subject">The id of the account at the provider.</param>
internal sealed record UnlinkedIdentity(string Provider, string Subject)
{
    public string ToAuditText() => IdentityLink.AuditTextOf(Provider, Subject);
}

internal static class IdentityDeletion
{
    /// <summary>Removes links and remembers that they were removed. Runs inside the caller's transaction, which holds the row lock of the person.</summary>
    /// <param name="store">The store.</param>
    /// <param name="which">The SQL condition on columns of <c>identity_links</c>.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The removed links.</returns>
    public static async Task<List<UnlinkedIdentity>> RemoveIdentityLinksAsync(this Store store, FormattableString which, DateTimeOffset now)
    {
        await store.WriteAsync(
            $"""
            INSERT INTO removed_identities (principal_number, issuer, subject, removed_at)
            SELECT principal_number, issuer, subject, {UnixMicroseconds.From(now)} FROM identity_links WHERE {which}
            ON CONFLICT (principal_number, issuer, subject) DO NOTHING
            """);
        return await store.WriteAsync<UnlinkedIdentity>(
            $"""DELETE FROM identity_links WHERE {which} RETURNING provider AS "Provider", subject AS "Subject" """);
    }
}

using AuthService.Principals;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.IdentityProviders;

/// <summary>An account at a provider that was taken from a person: its address does not link it to them again, until they add it themselves.</summary>
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

/// <summary>An account that a person signs in with no more.</summary>
/// <param name="Provider">The title that the provider had in the settings.</param>
/// <param name="Subject">What it calls the person.</param>
internal sealed record UnlinkedIdentity(string Provider, string Subject)
{
    public string ToAuditText() => IdentityLink.AuditTextOf(Provider, Subject);
}

internal static class IdentityDeletion
{
    /// <summary>Keeps that they were removed. Inside the caller's transaction, which holds the person.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="which">The condition, of columns of <c>identity_links</c>.</param>
    /// <param name="now">When.</param>
    /// <returns>Those that there were.</returns>
    public static async Task<List<UnlinkedIdentity>> RemoveIdentityLinksAsync(this Store store, FormattableString which, DateTimeOffset now)
    {
        await store.WriteAsync(SqlText.Join(
            $"""
            INSERT INTO removed_identities (principal_number, issuer, subject, removed_at)
            SELECT principal_number, issuer, subject, {UnixMicroseconds.From(now)} FROM identity_links WHERE {which}
            ON CONFLICT (principal_number, issuer, subject) DO NOTHING
            """));
        return await store.WriteAsync<UnlinkedIdentity>(
            SqlText.Join($"""DELETE FROM identity_links WHERE {which} RETURNING provider AS "Provider", subject AS "Subject" """));
    }
}

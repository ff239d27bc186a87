using AuthService.Mail;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.Recovery;

/// <summary>Stores an address that a person wants to have, by the hash of the token that was mailed to it.</summary>
internal sealed class AddressConfirmation
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public required byte[] TokenHash { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The person's security stamp when the link was sent. A change that raises the stamp voids the link too.</summary>
    public required int SecurityStamp { get; init; }

    public required string Address { get; init; }

    /// <summary>The mailbox that the person had when the link was sent (<see cref="MailAddress.MailboxOf"/>).</summary>
    public string? Replaced { get; init; }

    /// <summary>The session that requested the change; null for requests from before this was stored.</summary>
    public Guid? SessionId { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class AddressConfirmationTable : IEntityTypeConfiguration<AddressConfirmation>
{
    public void Configure(EntityTypeBuilder<AddressConfirmation> table)
    {
        table.ToTable("address_confirmations");
        table.HasKey(confirmation => confirmation.TokenHash);
        table.HasIndex(confirmation => confirmation.PrincipalNumber);
        table.HasIndex(confirmation => confirmation.ExpireAt);
        table.HasOne<Principal>().WithMany().HasForeignKey(confirmation => confirmation.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

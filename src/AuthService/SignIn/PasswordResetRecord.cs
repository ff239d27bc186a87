using AuthService.Mail;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn;

/// <summary>Stores a token for setting one new password, by its hash. Setting the password raises the security stamp, which voids the token.</summary>
internal sealed class PasswordResetRecord
{
    public required byte[] TokenHash { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The person's security stamp when the token was issued. A change that raises the stamp voids the token too.</summary>
    public required int SecurityStamp { get; init; }

    /// <summary>
    /// The mailbox that the token was sent to (<see cref="MailAddress.MailboxOf"/>), which must still be the person's.
    /// Null when a sign-in issued the token because a new password is required.
    /// </summary>
    public string? Mailbox { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class PasswordResetTable : IEntityTypeConfiguration<PasswordResetRecord>
{
    public void Configure(EntityTypeBuilder<PasswordResetRecord> table)
    {
        table.ToTable("password_resets");
        table.HasKey(reset => reset.TokenHash);
        table.Property(reset => reset.Mailbox).HasColumnName("folded_email"); // the name is from when it held the folded address
        table.HasIndex(reset => reset.PrincipalNumber);
        table.HasIndex(reset => reset.ExpireAt);
        table.HasOne<Principal>().WithMany().HasForeignKey(reset => reset.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

using AuthService.Mail;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn;

/// <summary>A token for one new password, under its hash. The new password raises the security stamp, and so uses the token up.</summary>
internal sealed class PasswordResetRecord
{
    public required byte[] TokenHash { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The person's when the token was issued: a change after which their sign-ins do not count voids it too.</summary>
    public required int SecurityStamp { get; init; }

    /// <summary>
    /// Where it was mailed to (<see cref="MailAddress.MailboxOf"/>), which must still be the person's; null of a sign-in that requested a new password.
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
        table.Property(reset => reset.Mailbox).HasColumnName("folded_email"); // as it was called when it held the folded address
        table.HasIndex(reset => reset.PrincipalNumber);
        table.HasIndex(reset => reset.ExpireAt);
        table.HasOne<Principal>().WithMany().HasForeignKey(reset => reset.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.SecondFactors;

/// <summary>A recovery code, for one use by a person who has lost the authenticator app.</summary>
internal sealed class RecoveryCodeRecord
{
    public required byte[] CodeHash { get; init; }

    public required long PrincipalNumber { get; init; }
}

internal sealed class RecoveryCodeTable : IEntityTypeConfiguration<RecoveryCodeRecord>
{
    public void Configure(EntityTypeBuilder<RecoveryCodeRecord> table)
    {
        table.ToTable("recovery_codes");
        table.HasKey(code => code.CodeHash);
        table.HasIndex(code => code.PrincipalNumber);
        table.HasOne<Principal>().WithMany().HasForeignKey(code => code.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

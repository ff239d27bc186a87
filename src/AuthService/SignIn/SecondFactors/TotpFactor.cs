using System.Text;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.SecondFactors;

/// <summary>The authenticator app of a person (RFC 6238).</summary>
internal sealed class TotpFactor
{
    public required long PrincipalNumber { get; init; }

    /// <summary>Which of the configured keys sealed the secret.</summary>
    public required string KeyId { get; init; }

    public required byte[] SealedSecret { get; init; }

    /// <summary>The time step of the last code that was taken; none up to it is taken again.</summary>
    public required long LastStep { get; init; }

    /// <summary>Codes judged since <see cref="WrongSince"/> of which none was right.</summary>
    public int WrongCodes { get; init; }

    public DateTimeOffset? WrongSince { get; init; }

    /// <summary>Codes judged since the last right one, however long ago.</summary>
    public int WrongInARow { get; init; }

    /// <summary>When the last of them was; null where an older version of this service counted.</summary>
    public DateTimeOffset? LastWrongAt { get; init; }

    /// <summary>Until then no code is judged.</summary>
    public DateTimeOffset? ClosedUntil { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>What the secret is sealed for.</summary>
    public static byte[] PlaceOf(long principalNumber) => Encoding.UTF8.GetBytes($"totp/{principalNumber}");
}

/// <summary>A code for whoever has lost the authenticator app, good for one use.</summary>
internal sealed class RecoveryCodeRecord
{
    public required byte[] CodeHash { get; init; }

    public required long PrincipalNumber { get; init; }
}

internal sealed class TotpFactorTable : IEntityTypeConfiguration<TotpFactor>
{
    public void Configure(EntityTypeBuilder<TotpFactor> table)
    {
        table.ToTable("totp_factors");
        table.HasKey(factor => factor.PrincipalNumber);
        table.Property(factor => factor.PrincipalNumber).ValueGeneratedNever();
        table.Property(factor => factor.WrongInARow).HasDefaultValue(0);
        table.HasOne<Principal>().WithMany().HasForeignKey(factor => factor.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
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

using System.Text;
using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.SecondFactors;

/// <summary>The authenticator app of a person (RFC 6238).</summary>
internal sealed class TotpFactor
{
    public required long PrincipalNumber { get; init; }

    /// <summary>The id of the configured key that encrypted the secret.</summary>
    public required string KeyId { get; init; }

    public required byte[] SealedSecret { get; init; }

    /// <summary>The time step of the last accepted code; no code of this step or an earlier one is accepted again.</summary>
    public required long LastStep { get; init; }

    /// <summary>The number of codes judged since <see cref="WrongSince"/>, none of which was right.</summary>
    public int WrongCodes { get; init; }

    public DateTimeOffset? WrongSince { get; init; }

    /// <summary>The number of codes judged since the last right one, without a time limit.</summary>
    public int WrongInARow { get; init; }

    /// <summary>The time of the last wrong code; null when an older version of this service counted it.</summary>
    public DateTimeOffset? LastWrongAt { get; init; }

    /// <summary>No code is judged until this time.</summary>
    public DateTimeOffset? ClosedUntil { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>Returns the context that the secret is bound to when it is encrypted.</summary>
    public static byte[] PlaceOf(long principalNumber) => Encoding.UTF8.GetBytes($"totp/{principalNumber}");
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

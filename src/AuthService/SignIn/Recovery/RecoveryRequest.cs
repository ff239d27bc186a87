using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.Recovery;

/// <summary>A request for a new password by address. The address is looked up later, so that no response shows whether a person has it.</summary>
internal sealed class RecoveryRequest
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public required Guid Id { get; init; }

    /// <summary>The address, folded as <see cref="Principals.PrincipalProfile.FoldedEmail"/>.</summary>
    public required string FoldedEmail { get; init; }

    /// <summary>The IP address of the caller.</summary>
    public string? IpAddress { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class RecoveryRequestTable : IEntityTypeConfiguration<RecoveryRequest>
{
    public void Configure(EntityTypeBuilder<RecoveryRequest> table)
    {
        table.ToTable("recovery_requests");
        table.HasKey(request => request.Id);
        table.HasIndex(request => request.ExpireAt);
    }
}

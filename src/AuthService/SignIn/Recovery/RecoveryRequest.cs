using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.Recovery;

/// <summary>Somebody asked for a new password by an address. Whether anybody has it is looked up later, so that no answer can tell.</summary>
internal sealed class RecoveryRequest
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public required Guid Id { get; init; }

    /// <summary><see cref="Principals.PrincipalProfile.FoldedEmail"/> of whoever is meant.</summary>
    public required string FoldedEmail { get; init; }

    /// <summary>Where the request came from.</summary>
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

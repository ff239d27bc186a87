using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.Devices;

/// <summary>A browser that a person has signed in with.</summary>
internal sealed class KnownDevice
{
    /// <summary>After the last sign-in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Of the browser's token and the person's name (<see cref="Tokens.DeviceToken.HashFor"/>). Failed sign-ins are counted under it too.</summary>
    public required byte[] KeyHash { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>For the person's own calls.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// The person's at the last sign-in: after a change that ends their sessions, the device is not known any more. Null once the person has
    /// forgotten it. The row stays, so that the same token is not taken for this person again.
    /// </summary>
    public int? SecurityStamp { get; init; }

    /// <summary>For people: "Firefox on Linux".</summary>
    public required string Name { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>When the person showed a second factor there and asked for no more of it; it counts for as long as the settings say.</summary>
    public DateTimeOffset? TrustedAt { get; init; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public required DateTimeOffset ExpireAt { get; init; }
}

internal sealed class KnownDeviceTable : IEntityTypeConfiguration<KnownDevice>
{
    public void Configure(EntityTypeBuilder<KnownDevice> table)
    {
        table.ToTable("known_devices");
        table.HasKey(device => device.KeyHash);
        table.HasIndex(device => new { device.PrincipalNumber, device.Id }).IsUnique();
        table.HasIndex(device => device.ExpireAt);
        table.HasOne<Principal>().WithMany().HasForeignKey(device => device.PrincipalNumber).OnDelete(DeleteBehavior.Cascade);
    }
}

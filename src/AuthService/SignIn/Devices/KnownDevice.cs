using AuthService.Principals;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AuthService.SignIn.Devices;

/// <summary>A browser that a person has signed in with.</summary>
internal sealed class KnownDevice
{
    /// <summary>The time after the last sign-in for which a device stays known.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>
    /// The hash of the browser's token and the person's name (<see cref="Tokens.DeviceToken.HashFor"/>). Failed sign-ins are counted under it too.
    /// </summary>
    public required byte[] KeyHash { get; init; }

    public required long PrincipalNumber { get; init; }

    /// <summary>The id of the device in the person's own requests.</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// The person's security stamp at the last sign-in; after a change that raises the stamp, the device is no longer known. Null after the person
    /// has removed the device. The row stays, so that the same token is not accepted for this person again.
    /// </summary>
    public int? SecurityStamp { get; init; }

    /// <summary>The browser in words for people, such as "Firefox on Linux".</summary>
    public required string Name { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>
    /// The time when the person showed a second factor on the device and chose to skip it from then on. The settings say how long this is valid.
    /// </summary>
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

using AuthService.SignIn.Devices;

namespace AuthService.Api.Account;

/// <summary>A browser that the caller has signed in with. Times are in milliseconds since 1970.</summary>
/// <param name="Id">The device's id, as the call that removes a device takes it.</param>
/// <param name="Name">The browser and operating system, read from the User-Agent header.</param>
/// <param name="IpAddress">The IP address of the last sign-in; null when it is not known.</param>
/// <param name="FirstSeenAt">When the caller first signed in with this browser.</param>
/// <param name="LastSeenAt">When the caller last signed in with this browser.</param>
/// <param name="TrustedUntil">Until this time a sign-in with this browser skips the second step; null when the second step is always asked for.</param>
/// <param name="Current">Whether this browser makes the call.</param>
internal sealed record DeviceItem(Guid Id, string Name, string? IpAddress, long FirstSeenAt, long LastSeenAt, long? TrustedUntil, bool Current)
{
    public static DeviceItem Of(ListedDevice listed, byte[]? current)
    {
        var (device, trustedUntil) = listed;
        return new DeviceItem(
            device.Id, device.Name, device.IpAddress, device.FirstSeenAt.ToUnixTimeMilliseconds(), device.LastSeenAt.ToUnixTimeMilliseconds(),
            trustedUntil?.ToUnixTimeMilliseconds(), current is not null && device.KeyHash.AsSpan().SequenceEqual(current));
    }
}

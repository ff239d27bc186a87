using AuthService.SignIn.Devices;

namespace AuthService.Api.Account;

/// <summary>A browser that the caller has signed in with. Moments are milliseconds since 1970.</summary>
/// <param name="Id">What the other call takes.</param>
/// <param name="Name">Browser and system, as its user agent tells.</param>
/// <param name="IpAddress">Of the last sign-in.</param>
/// <param name="FirstSeenAt">When the caller first signed in with it.</param>
/// <param name="LastSeenAt">When the caller last signed in with it.</param>
/// <param name="TrustedUntil">Until then a sign-in there skips the second step; null when it does not.</param>
/// <param name="Current">Whether it makes this call.</param>
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

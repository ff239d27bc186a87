using System.Net;

namespace AuthService.Configuration;

internal static class PlainAddress
{
    /// <summary>An IPv4 address in its IPv6 form is the IPv4 address.</summary>
    public static IPAddress Of(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}

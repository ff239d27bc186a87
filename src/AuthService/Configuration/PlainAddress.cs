using System.Net;

namespace AuthService.Configuration;

internal static class PlainAddress
{
    /// <summary>Gets the IPv4 address of an address in IPv6 form (::ffff:10.0.0.9), and any other address as it is.</summary>
    public static IPAddress Of(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}

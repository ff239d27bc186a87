using System.Net;
using System.Net.Sockets;
using AuthService.Configuration;

namespace AuthService.Webhooks;

/// <summary>Lists the networks that are not the public internet (IANA's special-purpose address registries, RFC 6890).</summary>
internal static class ReservedNetworks
{
    private static readonly IPNetwork[] OfIPv4 =
    [
        .. from network in new[]
        {
            "0.0.0.0/8", // this host
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", // private
            "100.64.0.0/10", // behind the NAT of a provider
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local, the metadata of clouds
            "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", // protocols, documentation
            "192.88.99.0/24", // relays of 6to4
            "198.18.0.0/15", // benchmarks
            "224.0.0.0/4", "240.0.0.0/4", // multicast, reserved, broadcast
        }
           select IPNetwork.Parse(network),
    ];

    /// <summary>The range of IPv6 addresses in public use. Unique local, link-local and multicast addresses and NAT64 are outside it.</summary>
    private static readonly IPNetwork Given = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] WithinGiven =
    [
        IPNetwork.Parse("2001::/23"), // protocols, Teredo
        IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("3fff::/20"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4: an IPv4 address stands in it
    ];

    /// <param name="address">The address; an IPv4 address in its own form (<see cref="PlainAddress"/>).</param>
    public static bool Contain(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => OfIPv4.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => !Given.Contains(address) || WithinGiven.Any(network => network.Contains(address)),
        _ => true,
    };
}

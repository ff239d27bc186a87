using System.Net;

namespace AuthService.Configuration;

/// <summary>Networks as settings have them (<c>10.0.0.0/8</c>).</summary>
internal static class NetworkText
{
    /// <summary>What stands before the IPv4 address in ::ffff:10.0.0.9.</summary>
    private const int MappedBits = 96;

    /// <summary>A network of IPv4 addresses in their IPv6 form is the network of the IPv4 addresses.</summary>
    /// <returns>Null when it is none.</returns>
    public static IPNetwork? Parse(string text)
    {
        if (!IPNetwork.TryParse(text, out var network))
            return null;
        return network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
            : network;
    }
}

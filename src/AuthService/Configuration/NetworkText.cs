using System.Net;

namespace AuthService.Configuration;

/// <summary>Reads networks in settings (<c>10.0.0.0/8</c>).</summary>
internal static class NetworkText
{
    /// <summary>The number of bits before the IPv4 address in ::ffff:10.0.0.9.</summary>
    private const int MappedBits = 96;

    /// <summary>Reads a network. A network of IPv4 addresses in IPv6 form becomes a network of IPv4 addresses.</summary>
    /// <returns>Null when the text is not a network.</returns>
    public static IPNetwork? Parse(string text)
    {
        if (!IPNetwork.TryParse(text, out var network))
            return null;
        return network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
            : network;
    }
}

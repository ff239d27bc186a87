using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AuthService.Signals;

/// <summary>
/// Calls receivers at the address that was checked: what their name leads to is looked up once for each connection, and nothing but those addresses is
/// called. Networks that are not public are refused unless the settings name them, and so is plain HTTP elsewhere.
/// </summary>
internal sealed class ReceiverConnections : IReceiverConnections, IDisposable
{
    private const int HeaderKilobytes = 16;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>The special-purpose registries of IANA (RFC 6890), multicast, and what carries an IPv4 address within an IPv6 one.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "fc00::/7",
            "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    private readonly IOptionsMonitor<ReceiverOptions> _options;

    public ReceiverConnections(IOptionsMonitor<ReceiverOptions> options)
    {
        _options = options;
        Client = new HttpClient(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            AllowAutoRedirect = false,
            MaxResponseHeadersLength = HeaderKilobytes,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = Lifetime,
            ConnectCallback = ConnectAsync,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var isPlain = context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps;
        IPAddress[] addresses = [.. await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation)];
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, address => MayCall(address, isPlain)))
            throw new HttpRequestException("Its address is not public, and Webhooks:AllowedNetworks does not name it");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool MayCall(IPAddress address, bool isPlain)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _options.CurrentValue.AllowedNetworks.Any(network => IPNetwork.Parse(network).Contains(plain))
            || (!isPlain && !Array.Exists(NotPublic, network => network.Contains(plain)));
    }
}

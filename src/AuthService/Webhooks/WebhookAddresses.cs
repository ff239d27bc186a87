using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Webhooks;

/// <summary>A name resolves to what is no address of a receiver.</summary>
internal sealed class AddressNotAllowedException : Exception
{
    public AddressNotAllowedException()
        : this("The address is not allowed")
    {
    }

    public AddressNotAllowedException(string message)
        : base(message)
    {
    }

    public AddressNotAllowedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>Finds the IP addresses of a name, or gives the address that it is.</summary>
internal delegate Task<IPAddress[]> NameResolver(string host, CancellationToken cancellation);

/// <summary>
/// Where webhooks and pushes of shared signals may lead: to the public internet and to what <see cref="WebhookOptions.AllowedNetworks"/> names. Otherwise the
/// account of an administrator or a service would reach whatever this service reaches.
/// </summary>
internal sealed class WebhookAddresses(IOptionsMonitor<WebhookOptions> options, IHostEnvironment environment, NameResolver resolver)
{
    private const int HeaderKilobytes = 16;

    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);

    /// <returns>What the address must be, to be read after "url must be"; null when it is that.</returns>
    public string? FindFault(string? url)
    {
        if (url is null or { Length: > Webhook.LongestUrl } || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || !HasHost(uri) || uri.Fragment.Length > 0 || url.Any(char.IsControl) || url.Any(char.IsWhiteSpace))
            return $"an absolute https address without a fragment, of at most {Webhook.LongestUrl} characters";
        if (uri.UserInfo.Length > 0)
            return "an address without a name and a password in it";
        return IsSecure(uri) ? null : "an https address";
    }

    /// <summary>Plain HTTP is for development, and for what never leaves the machine.</summary>
    public bool IsSecure(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (environment.IsDevelopment() || uri.IsLoopback));

    public bool Allows(IPAddress address)
    {
        var plain = PlainAddress.Of(address);
        return !ReservedNetworks.Contain(plain) || options.CurrentValue.AllowedNetworks.Any(network => NetworkText.Parse(network)!.Value.Contains(plain));
    }

    /// <summary>When a webhook or a stream is made. A name that does not resolve may do so later, and is asked for again at each delivery.</summary>
    public async Task<bool> MayLeadToAsync(Uri uri)
    {
        using var timeout = new CancellationTokenSource(ResolveTimeout);
        try
        {
            return (await ResolveAsync(uri.IdnHost, timeout.Token)).All(Allows);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ArgumentException)
        {
            return true;
        }
    }

    /// <summary>For calls of receivers: without redirects, proxies, cookies and a trace of ours, and with a timeout of the caller's alone.</summary>
    /// <param name="connectionLifetime">How long a connection is used; it stays at the address that was checked.</param>
    public HttpClient CreateClient(TimeSpan connectionLifetime) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = connectionLifetime,
        MaxResponseHeadersLength = HeaderKilobytes,
        MaxResponseDrainSize = 0,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectCallback = async (context, cancellation) => await ConnectAsync(context.DnsEndPoint, cancellation),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Connects to an address that was checked: what the name resolves to afterwards changes nothing.</summary>
    /// <exception cref="AddressNotAllowedException">One of the name's addresses is not allowed; there was no connection to any.</exception>
    public async Task<Stream> ConnectAsync(DnsEndPoint receiver, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(receiver.Host, cancellation);
        if (!addresses.All(Allows))
            throw new AddressNotAllowedException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, receiver.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Some names cannot be written as a resolver knows them, and throw when they are read so.</summary>
    private static bool HasHost(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    /// <summary>An address stands for itself: asked for some, such as 0.0.0.0, the resolver throws.</summary>
    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
        IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address]) : resolver(host, cancellation);
}

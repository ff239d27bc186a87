using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Webhooks;

/// <summary>Resolves a host name to its IP addresses.</summary>
internal delegate Task<IPAddress[]> NameResolver(string host, CancellationToken cancellation);

/// <summary>
/// Decides where webhooks and pushes of shared signals may lead: to the public internet and to <see cref="WebhookOptions.AllowedNetworks"/>.
/// Without this rule, anyone with the account of an administrator or a service could reach every host that this service can reach.
/// </summary>
internal sealed class WebhookAddresses(IOptionsMonitor<WebhookOptions> options, IHostEnvironment environment, NameResolver resolver)
{
    private const int HeaderKilobytes = 16;

    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromSeconds(5);

    /// <returns>The requirement that the address violates, to follow "url must be"; null when there is none.</returns>
    public string? FindFault(string? url)
    {
        if (url is null or { Length: > Webhook.LongestUrl } || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || !HasHost(uri) || uri.Fragment.Length > 0 || url.Any(char.IsControl) || url.Any(char.IsWhiteSpace))
            return $"an absolute https address without a fragment, of at most {Webhook.LongestUrl} characters";
        if (uri.UserInfo.Length > 0)
            return "an address without a name and a password in it";
        return IsSecure(uri) ? null : "an https address";
    }

    /// <summary>Checks the scheme. Plain HTTP is allowed in Development and for addresses that never leave the machine.</summary>
    public bool IsSecure(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (environment.IsDevelopment() || uri.IsLoopback));

    public bool Allows(IPAddress address)
    {
        var plain = PlainAddress.Of(address);
        return !ReservedNetworks.Contain(plain) || options.CurrentValue.AllowedNetworks.Any(network => NetworkText.Parse(network)!.Value.Contains(plain));
    }

    /// <summary>
    /// Checks the addresses of a host when a webhook or a stream is created or changed. A name that does not resolve is accepted,
    /// because it may resolve later; every connection checks it again.
    /// </summary>
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

    /// <summary>Creates a client for receivers. It uses no redirects, proxies, cookies or trace headers, and no timeout except that of the caller.</summary>
    /// <param name="connectionLifetime">How long a connection is reused; it stays at the address that was checked.</param>
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

    /// <summary>Connects to an address that was checked, so that a later change of the name's addresses has no effect.</summary>
    /// <exception cref="AddressNotAllowedException">One of the name's addresses is not allowed; no connection was made.</exception>
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

    /// <summary>Checks the host of an address. For some names, reading the form that a resolver needs throws.</summary>
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

    /// <summary>Resolves a host. An IP address is returned as it is, because the resolver throws for some of them, such as 0.0.0.0.</summary>
    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation) =>
        IPAddress.TryParse(host, out var address) ? Task.FromResult<IPAddress[]>([address]) : resolver(host, cancellation);
}

using System.Net;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http;

/// <summary>Section <c>ReverseProxy</c>: whom to believe about where a call comes from. By default nobody.</summary>
internal sealed class ReverseProxyOptions
{
    public const string Section = "ReverseProxy";

    /// <summary>Addresses of proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> count.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>The same as networks (<c>10.0.0.0/8</c>).</summary>
    public IList<string> KnownNetworks { get; } = [];

    /// <summary>A header in which such a proxy says where on earth the caller is; it is shown in the person's session list.</summary>
    public string? LocationHeader { get; set; }

    public bool Knows(IPAddress? peer)
    {
        if (peer is null)
            return false;
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return KnownProxies.Any(proxy => IPAddress.Parse(proxy).Equals(address)) || KnownNetworks.Any(network => IPNetwork.Parse(network).Contains(address));
    }
}

internal sealed class ReverseProxyOptionsValidator : IValidateOptions<ReverseProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ReverseProxyOptions options)
    {
        var faults = options.KnownProxies.Where(proxy => !IPAddress.TryParse(proxy, out _))
            .Select(proxy => $"{ReverseProxyOptions.Section}:KnownProxies holds what is no IP address: \"{proxy}\"")
            .Concat(options.KnownNetworks.Where(network => !IPNetwork.TryParse(network, out _))
                .Select(network => $"{ReverseProxyOptions.Section}:KnownNetworks holds what is no network (10.0.0.0/8): \"{network}\""))
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}

using System.Net;
using System.Net.Sockets;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Section <c>ReverseProxy</c>: whom to believe about where a call comes from. By default nobody.</summary>
internal sealed class ReverseProxyOptions
{
    public const string Section = "ReverseProxy";

    /// <summary>Addresses of proxies whose <c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c> and <c>traceparent</c> count.</summary>
    [ReadAtStart]
    public IList<string> KnownProxies { get; } = [];

    /// <summary>The same as networks (<c>10.0.0.0/8</c>).</summary>
    [ReadAtStart]
    public IList<string> KnownNetworks { get; } = [];

    /// <summary>A header in which such a proxy says where on earth the caller is; it is shown in the person's session list.</summary>
    [ReadAtStart]
    public string? LocationHeader { get; set; }

    public bool Knows(IPAddress? peer)
    {
        if (peer is null)
            return false;
        var address = PlainAddress.Of(peer);
        return KnownProxies.Any(proxy => ParseAddress(proxy)!.Equals(address))
            || KnownNetworks.Any(network => NetworkText.Parse(network)!.Value.Contains(address));
    }

    /// <summary>An IPv4 address in its IPv6 form is the IPv4 address that callers have. Abbreviations such as <c>10.1</c> are none.</summary>
    public static IPAddress? ParseAddress(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily is AddressFamily.InterNetworkV6 || text.Count(character => character is '.') == 3)
            ? PlainAddress.Of(address)
            : null;
}

internal sealed class ReverseProxyOptionsValidator : IValidateOptions<ReverseProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, ReverseProxyOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        foreach (var proxy in options.KnownProxies.Where(proxy => ReverseProxyOptions.ParseAddress(proxy) is null))
            faults.AddError($"{ReverseProxyOptions.Section}:KnownProxies holds what is no IP address: \"{proxy}\"");
        foreach (var network in options.KnownNetworks.Where(network => NetworkText.Parse(network) is null))
            faults.AddError($"{ReverseProxyOptions.Section}:KnownNetworks holds what is no network (10.0.0.0/8): \"{network}\"");
        return faults.Build();
    }
}

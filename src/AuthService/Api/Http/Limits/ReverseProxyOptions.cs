using System.Net;
using System.Net.Sockets;
using AuthService.Configuration;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Limits;

/// <summary>Section <c>ReverseProxy</c>: the proxies that are trusted to report where a call comes from. By default there are none.</summary>
internal sealed class ReverseProxyOptions
{
    public const string Section = "ReverseProxy";

    /// <summary>The addresses of trusted proxies. Their <c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c> and <c>traceparent</c> headers are used.</summary>
    [ReadAtStart]
    public IList<string> KnownProxies { get; } = [];

    /// <summary>The networks of trusted proxies, such as <c>10.0.0.0/8</c>.</summary>
    [ReadAtStart]
    public IList<string> KnownNetworks { get; } = [];

    /// <summary>The header in which such a proxy sends the caller's geographic location. It is shown in the person's session list.</summary>
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

    /// <summary>
    /// Parses an address. An IPv4 address in its IPv6 form becomes the IPv4 address that calls come from. Abbreviations such as <c>10.1</c> are not accepted.
    /// </summary>
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

using System.Text;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Browser;

/// <summary>What a request says about the page that it comes from.</summary>
internal enum OriginVerdict
{
    Trusted,
    Untrusted,

    /// <summary>There is something, and it is no origin.</summary>
    Malformed,

    /// <summary>Neither Origin nor Referer.</summary>
    Missing,
}

/// <summary>
/// Tells trusted pages, which those of this service itself are, from others. <c>Origin</c> wins over <c>Referer</c>; a blank
/// one counts as missing.
/// </summary>
internal sealed class TrustedOrigins(IOptionsMonitor<OriginOptions> options, IOptionsMonitor<PublicAddressOptions> address)
{
    public OriginVerdict Judge(HttpRequest request)
    {
        if (request.Headers.Origin.ToString() is var origin && !string.IsNullOrWhiteSpace(origin))
            return origin is "null" or "file://" ? OriginVerdict.Untrusted : Judge(WebOrigin.Parse(origin));
        if (request.Headers.Referer.ToString() is var referer && !string.IsNullOrWhiteSpace(referer))
            return Judge(WebOrigin.ParseReferer(referer));
        return OriginVerdict.Missing;
    }

    /// <summary>For an answer that repeats the origin in a header, where only ASCII may stand: browsers send no other.</summary>
    public bool IsTrusted(string origin) => Ascii.IsValid(origin) && Judge(WebOrigin.Parse(origin)) is OriginVerdict.Trusted;

    /// <summary>What the browser itself says (Fetch Metadata): the request was made by a page of another site.</summary>
    public static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString().Equals("cross-site", StringComparison.OrdinalIgnoreCase);

    private OriginVerdict Judge(WebOrigin? origin)
    {
        if (origin is null)
            return OriginVerdict.Malformed;
        return IsOwn(origin) || options.CurrentValue.Trusted.Any(trusted => WebOrigin.Parse(trusted) is { } whole ? whole == origin : IsHost(trusted, origin))
            ? OriginVerdict.Trusted
            : OriginVerdict.Untrusted;
    }

    private bool IsOwn(WebOrigin origin) => WebOrigin.ParseReferer(address.CurrentValue.PublicAddress) == origin;

    private static bool IsHost(string trusted, WebOrigin origin) => origin.IsSite && WebOrigin.HostOf(trusted) == origin.Host;
}

using System.Text;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Api.Http.Browser;

/// <summary>The result of checking which page a request comes from.</summary>
internal enum OriginVerdict
{
    Trusted,
    Untrusted,

    /// <summary>A header is present, but it has no valid origin.</summary>
    Malformed,

    /// <summary>The request has neither Origin nor Referer.</summary>
    Missing,
}

/// <summary>
/// Distinguishes trusted pages, including those of this service, from others. <c>Origin</c> has precedence over <c>Referer</c>. A blank header counts as
/// missing.
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

    /// <summary>Returns whether an origin is trusted, for a response that repeats it in a header. It must be ASCII, and browsers send nothing else.</summary>
    public bool IsTrusted(string origin) => Ascii.IsValid(origin) && Judge(WebOrigin.Parse(origin)) is OriginVerdict.Trusted;

    /// <summary>Returns whether the browser reports (Fetch Metadata) that a page of another site made the request.</summary>
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

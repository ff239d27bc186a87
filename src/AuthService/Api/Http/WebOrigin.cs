namespace AuthService.Api.Http;

/// <summary>Scheme, host and port of a page (RFC 6454), compared as browsers do.</summary>
internal sealed record WebOrigin(string Scheme, string Host, int Port)
{
    /// <summary>Takes exactly what browsers send as <c>Origin</c>: no path, no user, no spaces.</summary>
    public static WebOrigin? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", UserInfo: "", Host.Length: > 0 }
        && text.Length > uri.Scheme.Length + 3
        && text.IndexOfAny(['/', '?', '#', '\\', '@', ' '], uri.Scheme.Length + 3) < 0
            ? From(uri)
            : null;

    /// <summary>Of the page that a <c>Referer</c> names.</summary>
    public static WebOrigin? ParseReferer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "", Host.Length: > 0 } ? From(uri) : null;

    /// <summary><see cref="Uri"/> has put scheme and host into lower case; a trailing dot stays and makes another host.</summary>
    private static WebOrigin From(Uri uri) => new(uri.Scheme, uri.IdnHost, uri.Port);
}

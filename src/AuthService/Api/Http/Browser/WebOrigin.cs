namespace AuthService.Api.Http.Browser;

/// <summary>
/// Scheme, host and port of a page (RFC 6454), compared as browsers do. Apps in a web view and browser extensions have schemes
/// of their own (<c>capacitor://localhost</c>); a file has no origin that could be told from another file's.
/// </summary>
internal sealed record WebOrigin(string Scheme, string Host, int Port)
{
    /// <summary>Takes exactly what browsers send as <c>Origin</c>: no path, no user, no spaces.</summary>
    public static WebOrigin? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: not "file", UserInfo: "", Host.Length: > 0 }
        && text.StartsWith($"{uri.Scheme}://", StringComparison.OrdinalIgnoreCase)
        && text.Length > uri.Scheme.Length + 3
        && text.IndexOfAny(['/', '?', '#', '\\', '@', ' '], uri.Scheme.Length + 3) < 0
            ? From(uri)
            : null;

    /// <summary>Of the page that a <c>Referer</c> names.</summary>
    public static WebOrigin? ParseReferer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "", Host.Length: > 0 } ? From(uri) : null;

    /// <summary>A bare host name in the form that origins have: lower case, international names in ASCII, IPv6 without brackets.</summary>
    public static string? HostOf(string name)
    {
        var host = name.Contains(':', StringComparison.Ordinal) && !name.StartsWith('[') ? $"[{name}]" : name;
        return Uri.CheckHostName(name) is not UriHostNameType.Unknown && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var uri) ? uri.IdnHost : null;
    }

    /// <summary>Whether it is a site, and not an app in a web view or an extension.</summary>
    public bool IsSite => Scheme is "http" or "https";

    /// <summary><see cref="Uri"/> has put scheme and host into lower case; a trailing dot stays and makes another host.</summary>
    private static WebOrigin From(Uri uri) => new(uri.Scheme, uri.IdnHost, uri.Port);
}

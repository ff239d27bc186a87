namespace AuthService.Api.Http.Browser;

/// <summary>
/// The scheme, host and port of a page (RFC 6454), compared as browsers do. Apps in a web view and browser extensions have their own schemes
/// (<c>capacitor://localhost</c>). A file has no usable origin, because it cannot be distinguished from other files.
/// </summary>
internal sealed record WebOrigin(string Scheme, string Host, int Port)
{
    /// <summary>Parses an origin. It accepts exactly what browsers send as <c>Origin</c>: no path, no user, no spaces.</summary>
    public static WebOrigin? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: not "file", UserInfo: "", Host.Length: > 0 }
        && text.StartsWith($"{uri.Scheme}://", StringComparison.OrdinalIgnoreCase)
        && text.Length > uri.Scheme.Length + 3
        && text.IndexOfAny(['/', '?', '#', '\\', '@', ' '], uri.Scheme.Length + 3) < 0
            ? From(uri)
            : null;

    /// <summary>Parses the origin of the page in a <c>Referer</c>.</summary>
    public static WebOrigin? ParseReferer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo: "", Host.Length: > 0 } ? From(uri) : null;

    /// <summary>Returns a host name in the form that origins have: lower case, international names in ASCII, IPv6 without brackets.</summary>
    public static string? HostOf(string name)
    {
        var host = name.Contains(':', StringComparison.Ordinal) && !name.StartsWith('[') ? $"[{name}]" : name;
        return Uri.CheckHostName(name) is not UriHostNameType.Unknown && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var uri) ? uri.IdnHost : null;
    }

    /// <summary>Whether it is a web site, and not an app in a web view or an extension.</summary>
    public bool IsSite => Scheme is "http" or "https";

    /// <summary>Creates an origin. <see cref="Uri"/> has put scheme and host in lower case. A trailing dot is kept and makes a different host.</summary>
    private static WebOrigin From(Uri uri) => new(uri.Scheme, uri.IdnHost, uri.Port);
}

using System.Text.RegularExpressions;

namespace AuthService.Api.Http.Callers;

/// <summary>A device, as described by its User-Agent header.</summary>
/// <param name="Type">Desktop, Mobile, Tablet, Bot or Unknown.</param>
/// <param name="Name">A name to show to people, such as "Firefox on Linux".</param>
internal sealed record Device(string Type, string Name);

/// <summary>
/// Recognises the common browsers and operating systems in a User-Agent header, and returns Unknown for the rest. The order of the entries matters, because
/// most browsers also claim to be the browsers that they descend from.
/// </summary>
internal static partial class DeviceReading
{
    public const string UnknownDevice = "Unknown device";
    private const string Unknown = "Unknown";

    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edge/", "Edge"), ("OPR/", "Opera"), ("OPT/", "Opera"), ("Opera", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex Browser"), ("DuckDuckGo/", "DuckDuckGo"),
        ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"), ("Trident/", "Internet Explorer"), ("MSIE ", "Internet Explorer"), ("Safari/", "Safari"),
        ("curl/", "curl"), ("Wget/", "Wget"), ("PostmanRuntime/", "Postman"), ("python-requests/", "Python"), ("okhttp/", "OkHttp"),
        ("Dalvik/", "Android app"), ("CFNetwork/", "Apple app"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("iPod", "iPod"), ("Windows Phone", "Windows Phone"), ("Windows", "Windows"),
        ("Android", "Android"), ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Mac OS X", "macOS"), ("Darwin", "macOS"),
        ("FreeBSD", "FreeBSD"), ("Linux", "Linux"), ("X11", "Unix"),
    ];

    public static Device Read(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return new Device(Unknown, UnknownDevice);
        var (browser, system) = (Find(Browsers, userAgent), Find(Systems, userAgent));
        var name = (browser, system) switch
        {
            (null, null) => UnknownDevice,
            (null, _) => $"Unknown browser on {system}",
            (_, null) => browser,
            _ => $"{browser} on {system}",
        };
        return new Device(TypeOf(userAgent, system), name);
    }

    private static string? Find((string Mark, string Name)[] table, string userAgent) =>
        table.FirstOrDefault(entry => userAgent.Contains(entry.Mark, StringComparison.Ordinal)).Name;

    private static string TypeOf(string userAgent, string? system)
    {
        if (Bots().IsMatch(userAgent))
            return "Bot";
        if (system is "iPad" || Tablets().IsMatch(userAgent) || (system is "Android" && !userAgent.Contains("Mobile", StringComparison.Ordinal)))
            return "Tablet";
        if (system is "iPhone" or "iPod" or "Windows Phone" or "Android" || userAgent.Contains("Mobile", StringComparison.Ordinal))
            return "Mobile";
        return system is null ? Unknown : "Desktop";
    }

    /// <summary>Matches bots, but not "Cubot", which is a brand of phones.</summary>
    [GeneratedRegex(@"(?<!cu)bot\b|crawl|spider|slurp|\+https?://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Bots();

    [GeneratedRegex("Tablet|Kindle|Silk/|PlayBook", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Tablets();
}

using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AuthService.Tokens;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines the running service as others see it, through everything that is in front of it.</summary>
internal static class PublicAddressExamination
{
    private const string Address = "public address";
    private const string Published = "published keys";
    private const string Cookie = "refresh cookie";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly string[] Attributes = ["httponly", "samesite=strict", "path=/"];

    public static async IAsyncEnumerable<Finding> ExamineAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var address = services.GetRequiredService<IOptions<PublicAddressOptions>>().Value.PublicAddress;
        if (address.Length == 0)
            yield break; // the examination of the settings has reported it
        var uri = new Uri(address);
        if (uri.Scheme is "http" && !uri.IsLoopback)
            yield return Finding.Wrong(Address, $"{address} is not https: passwords, cookies and tokens go over the network in the clear");

        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = Patience };
        var (keys, fault) = await TryReadKeysAsync(http, address, cancellation);
        if (keys is null)
        {
            yield return Finding.Wrong(Address, $"{address} does not show this service: {fault}");
            yield break;
        }

        yield return Finding.Fine(Address, address);
        yield return Compare(keys, services);
        yield return await ExamineCookieAsync(http, address, services, cancellation);
    }

    private static async Task<(HashSet<string>? Keys, string Fault)> TryReadKeysAsync(HttpClient http, string address, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await http.GetStringAsync(address + PublicNames.WellKnownPrefix + PublicNames.Keys, cancellation));
            return (document.RootElement.GetProperty("keys").EnumerateArray().Select(Identify).ToHashSet(StringComparer.Ordinal), "");
        }
        catch (Exception error) when (IsUnreachable(error, cancellation) || error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, error.Message);
        }
    }

    /// <summary>
    /// Compares the published keys with those of this set-up. It compares the keys themselves, because many set-ups call their first key "1".
    /// </summary>
    private static Finding Compare(HashSet<string> seen, IServiceProvider services)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var expected = services.GetRequiredService<SigningKeyRing>().Current.Published(now).Select(key => key.ToPublicJwk()).OfType<JsonWebKey>().ToList();
        var missing = string.Join(", ", expected.Where(key => !seen.Contains(Identify(key))).Select(key => key.Kid));
        return missing.Length == 0
            ? Finding.Fine(Published, string.Join(", ", expected.Select(key => key.Kid)))
            : Finding.Wrong(Published, $"others do not see {missing}: another set-up answers there, or something in between keeps an old answer");
    }

    private static string Identify(JsonWebKey key) => $"{key.Kid} {key.X}{key.N}";

    private static string Identify(JsonElement key) => $"{Text(key, "kid")} {Text(key, "x")}{Text(key, "n")}";

    private static string? Text(JsonElement key, string member) => key.TryGetProperty(member, out var value) ? value.GetString() : null;

    /// <summary>
    /// Examines the refresh cookie. It signs out with a token that no session ever had, which clears the cookie with the attributes that a browser
    /// always gets.
    /// </summary>
    private static async Task<Finding> ExamineCookieAsync(HttpClient http, string address, IServiceProvider services, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address + PublicNames.AuthPrefix + PublicNames.WebLogout);
        request.Headers.Add("Origin", TrustedOrigin(services, address));
        request.Headers.Add(PublicNames.CsrfHeader, "doctor");
        request.Headers.Add("Cookie", $"{PublicNames.RefreshCookie}=doctor; {PublicNames.SecureCookiePrefix}{PublicNames.RefreshCookie}=doctor");
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            var cookies = response.Headers.TryGetValues("Set-Cookie", out var all) ? all : [];
            return cookies.FirstOrDefault(cookie => cookie.Contains($"{PublicNames.RefreshCookie}=", StringComparison.Ordinal)) is { } told
                ? Judge(told, mustBeSecure: address.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
                : Finding.Wrong(Cookie, $"a browser gets none: signing out was answered {(int)response.StatusCode}, and something in between may swallow it");
        }
        catch (Exception error) when (IsUnreachable(error, cancellation))
        {
            return Finding.Wrong(Cookie, $"signing out was not answered: {error.Message}");
        }
    }

    private static Finding Judge(string told, bool mustBeSecure)
    {
        var parts = told.Split(';', StringSplitOptions.TrimEntries);
        var shown = string.Join("; ", parts[1..].Prepend(parts[0][..parts[0].IndexOf('=', StringComparison.Ordinal)]));
        var isSecure = told.StartsWith(PublicNames.SecureCookiePrefix, StringComparison.Ordinal) && parts.Contains("secure", StringComparer.OrdinalIgnoreCase);
        return Attributes.All(attribute => parts.Contains(attribute, StringComparer.OrdinalIgnoreCase)) && (isSecure || !mustBeSecure)
            ? Finding.Fine(Cookie, shown)
            : Finding.Wrong(Cookie, $"a browser sees \"{shown}\": something in between changes it, or https does not reach this service as such");
    }

    private static bool IsUnreachable(Exception error, CancellationToken cancellation) =>
        error is HttpRequestException or SocketException || (error is TaskCanceledException && !cancellation.IsCancellationRequested);

    private static string TrustedOrigin(IServiceProvider services, string address)
    {
        var first = services.GetRequiredService<IConfiguration>().GetSection("Origins:Trusted").GetChildren().FirstOrDefault()?.Value ?? address;
        return first.Contains("://", StringComparison.Ordinal) ? first : $"https://{first}";
    }
}

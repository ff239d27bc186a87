using System.Runtime.CompilerServices;
using System.Text.Json;
using AuthService.Tokens;
using Microsoft.Extensions.Options;

namespace AuthService.Hosting.CommandLine;

/// <summary>The running service as others see it, through whatever stands in front of it.</summary>
internal static class PublicAddressExamination
{
    private const string Address = "public address";
    private const string Published = "published keys";
    private const string Cookie = "refresh cookie";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly string[] Attributes = ["httponly", "samesite=strict", "path=/"];

    public static async IAsyncEnumerable<Finding> ExamineAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var issuer = services.GetRequiredService<IOptions<JwtOptions>>().Value.Issuer.TrimEnd('/');
        var uri = new Uri(issuer);
        if (uri.Scheme is "http" && !uri.IsLoopback)
            yield return Finding.Wrong(Address, $"{issuer} is not https: passwords, cookies and tokens go over the network in the clear");

        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = Patience };
        var (keys, fault) = await TryReadKeysAsync(http, issuer, cancellation);
        if (keys is null)
        {
            yield return Finding.Wrong(Address, $"{issuer} does not show this service: {fault}");
            yield break;
        }

        yield return Finding.Fine(Address, issuer);
        yield return Compare(keys, services);
        yield return await ExamineCookieAsync(http, issuer, services, cancellation);
    }

    private static async Task<(HashSet<string>? KeyIds, string Fault)> TryReadKeysAsync(HttpClient http, string issuer, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await http.GetStringAsync($"{issuer}/.well-known/jwks.json", cancellation));
            return (document.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!).ToHashSet(StringComparer.Ordinal), "");
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, error.Message);
        }
    }

    private static Finding Compare(HashSet<string> seen, IServiceProvider services)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var expected = services.GetRequiredService<SigningKeyRing>().Current.Published(now).Where(key => key.ToPublicJwk() is not null).Select(key => key.KeyId).ToList();
        var missing = expected.Where(id => !seen.Contains(id)).ToList();
        return missing.Count == 0
            ? Finding.Fine(Published, string.Join(", ", expected))
            : Finding.Wrong(Published, $"others do not see {string.Join(", ", missing)}: another set-up answers there, or something in between keeps an old answer");
    }

    /// <summary>Signs out of a session that does not exist, which clears the cookie: what a browser is told then is what it is always told.</summary>
    private static async Task<Finding> ExamineCookieAsync(HttpClient http, string issuer, IServiceProvider services, CancellationToken cancellation)
    {
        var nobody = RefreshToken.New().Reveal();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{issuer}/auth/logout/web");
        request.Headers.Add("Origin", TrustedOrigin(services, issuer));
        request.Headers.Add("X-CSRFToken", "none");
        request.Headers.Add("Cookie", $"refreshToken={nobody}; __Host-refreshToken={nobody}");
        using var response = await http.SendAsync(request, cancellation);
        var told = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies.First() : "";
        var isSecure = told.StartsWith("__Host-", StringComparison.Ordinal) && told.Contains("; secure", StringComparison.OrdinalIgnoreCase);
        if (told.Length == 0)
            return Finding.Doubtful(Cookie, $"could not be seen: signing out was answered {(int)response.StatusCode}");
        var shown = told[..told.IndexOf('=', StringComparison.Ordinal)] + told[told.IndexOf(';', StringComparison.Ordinal)..];
        if (!Attributes.All(attribute => told.Contains(attribute, StringComparison.OrdinalIgnoreCase)) || (issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase) && !isSecure))
            return Finding.Wrong(Cookie, $"a browser sees \"{shown}\": something in between changes it, or https does not reach this service as such");
        return Finding.Fine(Cookie, shown);
    }

    private static string TrustedOrigin(IServiceProvider services, string issuer)
    {
        var first = services.GetRequiredService<IConfiguration>().GetSection("Origins:Trusted").GetChildren().FirstOrDefault()?.Value ?? issuer;
        return first.Contains("://", StringComparison.Ordinal) ? first : $"https://{first}";
    }
}

using System.Net;
using AuthService.Tokens;

namespace AuthService.Hosting.CommandLine.Verification;

/// <summary>Checks the session of a browser: its cookie, its CSRF token, and the pages that may use it.</summary>
internal sealed class BrowserChecks(Deployment deployment, TestAccounts accounts)
{
    private const string Refresh = "/auth/refresh/web";
    private const string Elsewhere = "https://verify.invalid";

    public IEnumerable<Check> All() =>
    [
        new("cookie", "is out of reach of scripts and of other sites", CookieIsKeptAsync),
        new("cookie", "is refreshed with its CSRF token, from a trusted page", RefreshWorksAsync),
        new("cookie", "is refused without the CSRF token, with a wrong one, and from elsewhere", OthersAreRefusedAsync),
        new("cookie", "is cleared at the sign-out, and good for nothing afterwards", SignOutClearsAsync),
    ];

    private async Task CookieIsKeptAsync()
    {
        var (_, _, line) = await SignInAsync();
        var parts = line.Split(';', StringSplitOptions.TrimEntries);
        string[] wanted = ["httponly", "samesite=strict", "path=/", .. deployment.IsHttps ? ["secure"] : Array.Empty<string>()];
        var missing = wanted.Except(parts, StringComparer.OrdinalIgnoreCase).ToList();
        CheckFailedException.Unless(missing.Count == 0, $"it has no {string.Join(", no ", missing)}");
        var isNamedSo = line.StartsWith(PublicNames.SecureCookiePrefix, StringComparison.Ordinal);
        CheckFailedException.Unless(isNamedSo || !deployment.IsHttps, $"its name is not {PublicNames.SecureCookiePrefix}…");
    }

    private async Task RefreshWorksAsync()
    {
        var (cookie, csrf, _) = await SignInAsync();
        (await SendAsync(Refresh, cookie, csrf, deployment.Origin)).Expect(HttpStatusCode.OK);
    }

    private async Task OthersAreRefusedAsync()
    {
        var (cookie, csrf, _) = await SignInAsync();
        (await SendAsync(Refresh, cookie, null, deployment.Origin)).Expect(HttpStatusCode.BadRequest);
        (await SendAsync(Refresh, cookie, csrf, null)).Expect(HttpStatusCode.BadRequest);
        (await SendAsync(Refresh, cookie, csrf, Elsewhere)).Expect(HttpStatusCode.Forbidden);
        (await SendAsync(Refresh, cookie, csrf[..^4] + "AAAA", deployment.Origin)).Expect(HttpStatusCode.Unauthorized);
        (await SendAsync(Refresh, cookie, csrf, deployment.Origin)).Expect(HttpStatusCode.OK);
    }

    private async Task SignOutClearsAsync()
    {
        var (cookie, csrf, _) = await SignInAsync();
        var answer = (await SendAsync(PublicNames.AuthPrefix + PublicNames.WebLogout, cookie, csrf, deployment.Origin)).Expect(HttpStatusCode.NoContent);
        CheckFailedException.Unless(RefreshCookieOf(answer) is not null, $"{answer.Call} clears no cookie");
        (await SendAsync(Refresh, cookie, csrf, deployment.Origin)).Expect(HttpStatusCode.Unauthorized);
    }

    private async Task<(string Cookie, string Csrf, string Line)> SignInAsync()
    {
        var answer = (await accounts.TrySignInAsync(await accounts.CreatePersonAsync(), "Web")).Expect(HttpStatusCode.OK);
        CheckFailedException.Unless(!answer.Json.TryGetProperty("refreshToken", out _), "the refresh token stands in the answer too");
        var line = RefreshCookieOf(answer) ?? throw new CheckFailedException($"{answer.Call} set no refresh cookie");
        return (line.Split(';')[0], answer.Member("csrfToken"), line);
    }

    private static string? RefreshCookieOf(Answer answer) =>
        answer.Cookies.FirstOrDefault(cookie => cookie.Contains($"{PublicNames.RefreshCookie}=", StringComparison.Ordinal));

    private Task<Answer> SendAsync(string path, string cookie, string? csrf, string? origin)
    {
        List<(string, string)> headers = [("Cookie", cookie)];
        if (csrf is not null)
            headers.Add((PublicNames.CsrfHeader, csrf));
        if (origin is not null)
            headers.Add(("Origin", origin));
        return deployment.SendAsync(new Call(HttpMethod.Post, path) { Headers = headers });
    }
}

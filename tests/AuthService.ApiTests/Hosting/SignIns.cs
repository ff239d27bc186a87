using System.Net;
using System.Net.Http.Headers;

namespace AuthService.ApiTests.Hosting;

/// <summary>One sign-in as its client sees it; the refresh token comes from the body (Application) or from the cookie (Web).</summary>
public sealed record SignedIn(string AccessToken, string CsrfToken, string RefreshToken, string? CookieName)
{
    public string SessionId => Requests.ClaimsOf(AccessToken).Text("sid");

    /// <summary>The value of a Cookie header that carries this session.</summary>
    public string Cookie => $"{CookieName}={RefreshToken}";
}

/// <summary>Signing in, refreshing and signing out.</summary>
public static class SignIns
{
    private static readonly string[] CookieNames = ["__Host-refreshToken", "refreshToken"];

    /// <summary>The bare answer to a sign-in, for those that are refused.</summary>
    public static Task<HttpResponseMessage> TryLoginAsync(
        this AuthHost host, string user, string password, string service = "app", params (string Name, string Value)[] headers) =>
        host.SendAsync(
            HttpMethod.Post,
            "/auth/login",
            json: new FormUrlEncodedContent([new("username", user), new("password", password), new("service", service)]),
            headers: [("Accept", "application/json"), .. headers]);

    public static async Task<SignedIn> LoginAsync(
        this AuthHost host, string user, string password, string service = "app", params (string Name, string Value)[] headers)
    {
        using var response = await host.TryLoginAsync(user, password, service, headers);
        var body = await response.ExpectAsync(HttpStatusCode.OK);
        var cookie = RefreshCookieOf(response);
        var refreshToken = body.TryGetProperty("refreshToken", out var inBody) ? inBody.GetString() : cookie?.Value;
        return new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), refreshToken!, cookie?.Name);
    }

    public static Task<SignedIn> LoginAsync(this AuthHost host, Person person, string service = "app") =>
        host.LoginAsync(person.Id, person.Password, service);

    /// <summary>A fresh access token of the administrator. Each call signs in anew, so that no test spoils another's.</summary>
    public static async Task<string> AdminTokenAsync(this AuthHost host) =>
        (await host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)).AccessToken;

    public static Task<HttpResponseMessage> TryRefreshAsync(this AuthHost host, string refreshToken) =>
        host.PostAsync("/auth/refresh", bearer: refreshToken);

    /// <summary>A new access token for a refresh token of mode Application.</summary>
    public static async Task<string> RefreshAsync(this AuthHost host, string refreshToken) =>
        (await host.TryRefreshAsync(refreshToken).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    /// <summary>As a browser does it, from a trusted page: cookie, CSRF token and origin.</summary>
    public static Task<HttpResponseMessage> TryWebRefreshAsync(this AuthHost host, SignedIn session) =>
        host.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: AsBrowser(session));

    /// <inheritdoc cref="TryWebRefreshAsync"/>
    public static Task<HttpResponseMessage> TryWebLogoutAsync(this AuthHost host, SignedIn session) =>
        host.SendAsync(HttpMethod.Post, "/auth/logout/web", headers: AsBrowser(session));

    /// <summary>The headers of a browser that holds this session, on a trusted page.</summary>
    public static (string Name, string Value)[] AsBrowser(SignedIn session, string origin = AuthHost.Origin) =>
        [("Cookie", session.Cookie), ("X-CSRFToken", session.CsrfToken), ("Origin", origin)];

    /// <summary>The refresh cookie that an answer sets, if it does.</summary>
    public static SetCookie? RefreshCookieOf(HttpResponseMessage response) =>
        SetCookie.AllOf(response.Headers).FirstOrDefault(cookie => CookieNames.Contains(cookie.Name, StringComparer.Ordinal));
}

/// <summary>A Set-Cookie header, taken apart; attribute names are in lower case.</summary>
public sealed record SetCookie(string Name, string Value, IReadOnlyDictionary<string, string> Attributes)
{
    public static IEnumerable<SetCookie> AllOf(HttpResponseHeaders headers) =>
        headers.TryGetValues("Set-Cookie", out var lines) ? lines.Select(Parse) : [];

    private static SetCookie Parse(string line)
    {
        var parts = line.Split(';', StringSplitOptions.TrimEntries).Select(Pair).ToArray();
        return new SetCookie(parts[0].Name, parts[0].Value, parts.Skip(1).ToDictionary(part => part.Name.ToLowerInvariant(), part => part.Value, StringComparer.Ordinal));
    }

    private static (string Name, string Value) Pair(string part) =>
        part.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (part[..at], part[(at + 1)..]) : (part, "");
}

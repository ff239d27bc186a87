using System.Net;
using System.Net.Http.Headers;

namespace AuthService.ApiTests.Hosting;

/// <summary>A sign-in as its client sees it. The refresh token comes from the body (Application) or from the cookie (Web).</summary>
public sealed record SignedIn(string AccessToken, string CsrfToken, string RefreshToken, string? CookieName)
{
    public string SessionId => Requests.ClaimsOf(AccessToken).Text("sid");

    /// <summary>The value of a Cookie header with this session.</summary>
    public string Cookie => $"{CookieName}={RefreshToken}";
}

/// <summary>Signs in, refreshes and signs out.</summary>
public static class SignIns
{
    /// <summary>
    /// The age up to which a token counts as new, in seconds. The instances of the tests accept twice this age as a fresh proof of identity.
    /// </summary>
    private const long LongestFresh = 12 * 60 * 60;

    private static readonly string[] CookieNames = ["__Host-refreshToken", "refreshToken"];

    /// <summary>Tries to sign in and gets the response, for sign-ins that are refused.</summary>
    public static Task<HttpResponseMessage> TryLoginAsync(
        this HttpClient http, string user, string password, string service = "app", params (string Name, string Value)[] headers) =>
        http.SendAsync(
            HttpMethod.Post,
            "/auth/login",
            json: new FormUrlEncodedContent([new("username", user), new("password", password), new("service", service)]),
            headers: [("Accept", "application/json"), .. headers]);

    /// <inheritdoc cref="TryLoginAsync(HttpClient, string, string, string, ValueTuple{string, string}[])"/>
    public static Task<HttpResponseMessage> TryLoginAsync(
        this AuthHost host, string user, string password, string service = "app", params (string Name, string Value)[] headers) =>
        host.Http.TryLoginAsync(user, password, service, headers);

    public static async Task<SignedIn> LoginAsync(
        this HttpClient http, string user, string password, string service = "app", params (string Name, string Value)[] headers)
    {
        using var response = await http.TryLoginAsync(user, password, service, headers);
        var body = await response.ExpectAsync(HttpStatusCode.OK);
        var cookie = RefreshCookieOf(response);
        var refreshToken = body.TryGetProperty("refreshToken", out var inBody) ? inBody.GetString() : cookie?.Value;
        return new SignedIn(body.Text("accessToken"), body.Text("csrfToken"), refreshToken!, cookie?.Name);
    }

    public static Task<SignedIn> LoginAsync(
        this AuthHost host, string user, string password, string service = "app", params (string Name, string Value)[] headers) =>
        host.Http.LoginAsync(user, password, service, headers);

    /// <summary>Signs in with a one-time password and gets the token for a new password from the refusal.</summary>
    public static async Task<string> ResetTokenAsync(this HttpClient http, string user, string password, string service = "app")
    {
        using var response = await http.TryLoginAsync(user, password, service);
        var refusal = await response.ExpectAsync(HttpStatusCode.Forbidden);
        Xunit.Assert.Equal("PASSWORD_RESET_REQUESTED", refusal.Text("errorCode"));
        Xunit.Assert.False(response.Headers.Contains("Set-Cookie"));
        return refusal.Text("token");
    }

    public static Task<HttpResponseMessage> TryResetAsync(this HttpClient http, string token, string newPassword) =>
        http.SendAsync(HttpMethod.Post, "/api/password/reset/new", json: new { token, newPassword });

    /// <summary>Signs in with a one-time password and chooses another one.</summary>
    /// <returns>The new password.</returns>
    public static async Task<string> ChoosePasswordAsync(this HttpClient http, string user, string password)
    {
        var chosen = Principals.NewPassword();
        await http.TryResetAsync(await http.ResetTokenAsync(user, password), chosen).ExpectAsync(HttpStatusCode.OK);
        return chosen;
    }

    public static Task<SignedIn> LoginAsync(this AuthHost host, Person person, string service = "app") =>
        host.LoginAsync(person.Id, person.Password, service);

    /// <summary>
    /// Gets the administrator's access token that the tests of this instance share. It signs in again when the token is no longer new by the
    /// instance's clock, or no longer accepted. A test about the token itself uses <see cref="NewAdminTokenAsync"/>.
    /// </summary>
    public static async Task<string> AdminTokenAsync(this AuthHost host) =>
        host.AdminToken is { } token && IsNew(token, host.Clock.GetUtcNow()) && await host.AcceptsAsync(token)
            ? token
            : host.AdminToken = await host.NewAdminTokenAsync();

    /// <summary>
    /// Makes a call with the administrator's access token that the tests of this instance share, and makes it again with a new one if the shared one is no
    /// longer accepted. Unlike <see cref="AdminTokenAsync"/>, it does not try the token first.
    /// </summary>
    public static async Task<HttpResponseMessage> AsAdminAsync(this AuthHost host, Func<string, Task<HttpResponseMessage>> call)
    {
        if (host.AdminToken is { } token && IsNew(token, host.Clock.GetUtcNow()))
        {
            var response = await call(token);
            if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
                return response;
            response.Dispose();
        }

        return await call(host.AdminToken = await host.NewAdminTokenAsync());
    }

    /// <summary>Signs in as the administrator and gets the access token.</summary>
    public static async Task<string> NewAdminTokenAsync(this AuthHost host) =>
        host.SignInAdministrator is { } signIn ? await signIn(host.Http) : (await host.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword)).AccessToken;

    public static Task<HttpResponseMessage> TryRefreshAsync(this AuthHost host, string refreshToken) =>
        host.PostAsync("/auth/refresh", bearer: refreshToken);

    /// <summary>Gets a new access token for a refresh token of mode Application.</summary>
    public static async Task<string> RefreshAsync(this AuthHost host, string refreshToken) =>
        (await host.TryRefreshAsync(refreshToken).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    /// <summary>Refreshes as a browser does on a trusted page: with cookie, CSRF token and origin.</summary>
    public static Task<HttpResponseMessage> TryWebRefreshAsync(this AuthHost host, SignedIn session) =>
        host.SendAsync(HttpMethod.Post, "/auth/refresh/web", headers: AsBrowser(session));

    /// <inheritdoc cref="TryWebRefreshAsync"/>
    public static Task<HttpResponseMessage> TryWebLogoutAsync(this AuthHost host, SignedIn session) =>
        host.SendAsync(HttpMethod.Post, "/auth/logout/web", headers: AsBrowser(session));

    /// <summary>Gets the headers of a browser that has this session, on a trusted page.</summary>
    public static (string Name, string Value)[] AsBrowser(SignedIn session, string origin = AuthHost.Origin) =>
        [("Cookie", session.Cookie), ("X-CSRFToken", session.CsrfToken), ("Origin", origin)];

    /// <summary>Returns whether most of the lifetime is left, so that a test can keep the token while it advances the clock.</summary>
    private static bool IsNew(string accessToken, DateTimeOffset now)
    {
        var claims = Requests.ClaimsOf(accessToken);
        var (issuedAt, expiresAt) = (claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64());
        return now.ToUnixTimeSeconds() is var second && second >= issuedAt && second - issuedAt < Math.Min((expiresAt - issuedAt) / 10, LongestFresh);
    }

    private static async Task<bool> AcceptsAsync(this AuthHost host, string accessToken)
    {
        using var response = await host.GetAsync("/admin/login-services", accessToken);
        return response.StatusCode is HttpStatusCode.OK;
    }

    /// <summary>Gets the refresh cookie that a response sets, or null.</summary>
    public static SetCookie? RefreshCookieOf(HttpResponseMessage response) =>
        SetCookie.AllOf(response.Headers).FirstOrDefault(cookie => CookieNames.Contains(cookie.Name, StringComparer.Ordinal));
}

/// <summary>A parsed Set-Cookie header. The attribute names are in lower case.</summary>
public sealed record SetCookie(string Name, string Value, IReadOnlyDictionary<string, string> Attributes)
{
    public static IEnumerable<SetCookie> AllOf(HttpResponseHeaders headers) =>
        headers.TryGetValues("Set-Cookie", out var lines) ? lines.Select(Parse) : [];

    private static SetCookie Parse(string line)
    {
        var parts = line.Split(';', StringSplitOptions.TrimEntries).Select(Pair).ToArray();
        var attributes = parts.Skip(1).ToDictionary(part => part.Name.ToLowerInvariant(), part => part.Value, StringComparer.Ordinal);
        return new SetCookie(parts[0].Name, parts[0].Value, attributes);
    }

    private static (string Name, string Value) Pair(string part) =>
        part.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (part[..at], part[(at + 1)..]) : (part, "");
}

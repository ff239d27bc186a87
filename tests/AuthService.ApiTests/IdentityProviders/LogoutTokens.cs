using System.Text.Json.Nodes;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.IdentityProviders;

/// <summary>Signs people in at <see cref="PlainProvider"/> and creates its logout tokens (OpenID Connect Back-Channel Logout 1.0).</summary>
internal static class LogoutTokens
{
    public const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>Creates a valid payload. A null subject or session is omitted.</summary>
    public static JsonObject PayloadOf(PlainProvider provider, DateTimeOffset now, string? subject, string? session)
    {
        var payload = new JsonObject
        {
            ["iss"] = provider.Issuer,
            ["aud"] = PlainProvider.ClientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.ToUnixTimeSeconds() + 120,
            ["jti"] = NewName("jti"),
            ["events"] = new JsonObject { [Event] = new JsonObject() },
        };
        if (subject is not null)
            payload["sub"] = subject;
        if (session is not null)
            payload["sid"] = session;
        return payload;
    }

    public static string Sign(string payload, SecurityKey key, string algorithm = SecurityAlgorithms.RsaSha256, string? type = "logout+jwt")
    {
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };
        var headers = new Dictionary<string, object>(StringComparer.Ordinal);
        if (type is not null)
            headers["typ"] = type;
        return handler.CreateToken(payload, new SigningCredentials(key, algorithm), headers);
    }

    public static string Sign(JsonObject payload, SecurityKey key) => Sign(payload.ToJsonString(), key);

    public static Task<HttpResponseMessage> TrySignOutAsync(this AuthHost host, string title, string token) => host.PostAsync(
        $"/auth/idp/{Uri.EscapeDataString(title)}/backchannel-logout", json: new FormUrlEncodedContent([new("logout_token", token)]));

    /// <summary>Signs in with a browser, for the login service <c>web</c>.</summary>
    public static async Task<SignedIn> SignInAsync(this AuthHost host, PlainProvider provider, string subject, string? session, int id = 1)
    {
        provider.Claims = new JsonObject { ["sub"] = subject, ["sid"] = session };
        var browser = new ProviderBrowser(host);
        (await browser.SignInAsync(id)).Dispose();
        var state = browser.AuthState();
        return new SignedIn(state.Text("accessToken"), state.Text("csrfToken"), browser.Cookies["refreshToken"], "refreshToken");
    }

    public static async Task<bool> IsActiveAsync(this AuthHost host, SignedIn session) => await host.HoldsAsync(session.AccessToken);
}

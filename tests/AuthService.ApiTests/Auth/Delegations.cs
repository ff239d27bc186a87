using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Auth;

/// <summary>One-time tokens and extended tokens.</summary>
public static class Delegations
{
    public const long Minute = 60_000;

    public static Task<HttpResponseMessage> TryExtendAsync(
        this AuthHost host, string caller, string token, string[] scopes, long expiresIn = Minute, bool? allowRefreshes = null) =>
        host.PostAsync("/auth/extend", caller, new { validJWT = token, requestedScopes = scopes, expiresIn, allowRefreshes });

    /// <summary>An extended token without a session of its own.</summary>
    public static async Task<string> ExtendAsync(this AuthHost host, string caller, string token, params string[] scopes) =>
        (await host.TryExtendAsync(caller, token, scopes).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    /// <summary>The same, by the service <c>_svc</c>.</summary>
    public static async Task<string> NarrowAsync(this AuthHost host, string token) =>
        await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), token, "files:write");

    /// <summary>An extended token with a session of its own.</summary>
    public static async Task<SignedIn> DelegateAsync(this AuthHost host, string caller, string token, params string[] scopes)
    {
        var answer = await host.TryExtendAsync(caller, token, scopes, allowRefreshes: true).ExpectAsync(HttpStatusCode.OK);
        return new SignedIn(answer.Text("accessToken"), answer.Text("csrfToken"), answer.Text("refreshToken"), CookieName: null);
    }

    /// <summary>The same, by the service <c>_svc</c>.</summary>
    public static async Task<SignedIn> DelegateAsync(this AuthHost host, string token) =>
        await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), token, "files:write");

    public static Task<HttpResponseMessage> TryRequestOneTimeTokenAsync(this AuthHost host, string bearer, string audience) =>
        host.PostAsync($"/auth/request?audience={Uri.EscapeDataString(audience)}", bearer);

    public static async Task<string> OneTimeTokenAsync(this AuthHost host, string bearer, string audience = "files:read") =>
        (await host.TryRequestOneTimeTokenAsync(bearer, audience).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    public static Task<HttpResponseMessage> TryClaimAsync(this AuthHost host, string service, string jti) =>
        host.PostAsync($"/auth/claim?jti={Uri.EscapeDataString(jti)}", service);

    /// <summary>Whether this service itself takes the token for somebody's, whatever its scopes are.</summary>
    public static async Task<bool> HoldsAsync(this AuthHost host, string accessToken)
    {
        var scope = Requests.ClaimsOf(accessToken).GetProperty("aud")[0].GetString()!;
        using var response = await host.TryRequestOneTimeTokenAsync(accessToken, scope);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.Unauthorized => false,
            var status => throw new InvalidOperationException($"Neither accepted nor refused: {status}"),
        };
    }

    public static string[] Texts(this JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];
}

using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Auth;

/// <summary>Requests, extends and claims tokens.</summary>
public static class Delegations
{
    public const long Minute = 60_000;

    public static Task<HttpResponseMessage> TryExtendAsync(
        this AuthHost host, string caller, string token, string[] scopes, long expiresIn = Minute, bool? allowRefreshes = null) =>
        host.PostAsync("/auth/extend", caller, new { validJWT = token, requestedScopes = scopes, expiresIn, allowRefreshes });

    /// <summary>Extends a token without creating a session.</summary>
    public static async Task<string> ExtendAsync(this AuthHost host, string caller, string token, params string[] scopes) =>
        (await host.TryExtendAsync(caller, token, scopes).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    /// <summary>Extends a token as the service <c>_svc</c>, without creating a session.</summary>
    public static async Task<string> NarrowAsync(this AuthHost host, string token) =>
        await host.ExtendAsync(await host.NewServiceTokenAsync("_svc"), token, "files:write");

    /// <summary>Extends a token and creates a delegated session for it.</summary>
    public static async Task<SignedIn> DelegateAsync(this AuthHost host, string caller, string token, params string[] scopes)
    {
        var answer = await host.TryExtendAsync(caller, token, scopes, allowRefreshes: true).ExpectAsync(HttpStatusCode.OK);
        return new SignedIn(answer.Text("accessToken"), answer.Text("csrfToken"), answer.Text("refreshToken"), CookieName: null);
    }

    /// <summary>Extends a token as the service <c>_svc</c> and creates a delegated session for it.</summary>
    public static async Task<SignedIn> DelegateAsync(this AuthHost host, string token) =>
        await host.DelegateAsync(await host.NewServiceTokenAsync("_svc"), token, "files:write");

    public static Task<HttpResponseMessage> TryRequestOneTimeTokenAsync(this AuthHost host, string bearer, string audience) =>
        host.PostAsync($"/auth/request?audience={Uri.EscapeDataString(audience)}", bearer);

    public static async Task<string> OneTimeTokenAsync(this AuthHost host, string bearer, string audience = "files:read") =>
        (await host.TryRequestOneTimeTokenAsync(bearer, audience).ExpectAsync(HttpStatusCode.OK)).Text("accessToken");

    public static Task<HttpResponseMessage> TryClaimAsync(this AuthHost host, string service, string jti) =>
        host.PostAsync($"/auth/claim?jti={Uri.EscapeDataString(jti)}", service);

    /// <summary>Returns whether this service still accepts the token, independently of its scopes.</summary>
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

using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Auth;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Account;

/// <summary>Calls the endpoints with which people manage their own sessions, and checks how the Account API refuses.</summary>
internal static class AccountCalls
{
    public const string Sessions = "/account/auth/sessions";

    /// <summary>The path that newer generated clients use for the same endpoints.</summary>
    public const string SessionsOfNewerClients = "/account/sessions";

    public const string Password = "/account/password";
    public const string UserPassword = "/auth/users/password";

    /// <param name="host">The instance.</param>
    /// <param name="accessToken">The access token of the person.</param>
    /// <param name="which">Empty for all sessions, "/active" for the active ones.</param>
    public static async Task<JsonElement[]> MySessionsAsync(this AuthHost host, string accessToken, string which = "") =>
        [.. (await host.GetAsync($"{Sessions}{which}", accessToken).ExpectAsync(HttpStatusCode.OK)).EnumerateArray()];

    public static async Task<string[]> MySessionIdsAsync(this AuthHost host, string accessToken, string which = "") =>
        [.. (await host.MySessionsAsync(accessToken, which)).Select(session => session.Text("sessionId"))];

    public static async Task<int> CountMineAsync(this AuthHost host, string accessToken)
    {
        var body = await host.GetAsync($"{Sessions}/count", accessToken).ExpectAsync(HttpStatusCode.OK);
        Assert.Equal(["activeSessions"], body.MemberNames());
        return body.GetProperty("activeSessions").GetInt32();
    }

    public static Task<HttpResponseMessage> TryChangePasswordAsync(this AuthHost host, string accessToken, string currentPassword, string newPassword) =>
        host.PutAsync(Password, accessToken, new { currentPassword, newPassword });

    /// <summary>Fails unless the response is a refusal with this status in the error format of the Account API, and sets no cookie.</summary>
    /// <returns>The status and the message, without the trace id.</returns>
    public static async Task<string> AccountRefusalAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var response = await sending;
        var body = await response.ExpectAsync(status);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["message", "status", "traceId"], body.MemberNames());
        Assert.NotEmpty(body.Text("message"));
        Assert.NotEmpty(body.Text("status"));
        Assert.False(response.Headers.Contains("Set-Cookie"), "A refusal sets no cookie");
        Assert.Equal(status is HttpStatusCode.Unauthorized, response.Headers.WwwAuthenticate.Count > 0);
        return $"{body.Text("status")} {body.Text("message")}";
    }
}

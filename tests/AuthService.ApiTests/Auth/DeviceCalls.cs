using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Auth;

/// <summary>Browsers that are recognized by their cookie.</summary>
public static class DeviceCalls
{
    public const string Own = "/account/devices";

    private static readonly string[] CookieNames = ["__Host-device", "device"];

    /// <summary>A sign-in at a browser for its person.</summary>
    /// <param name="host">The instance.</param>
    /// <param name="person">Who signs in.</param>
    /// <param name="device">What the browser has; null for a new one.</param>
    /// <returns>What it has afterwards.</returns>
    public static async Task<string> SignInAtBrowserAsync(this AuthHost host, Person person, string? device = null)
    {
        using var response = await host.TryLoginFromAsync(device, person.Id, person.Password, "web");
        await response.ExpectAsync(HttpStatusCode.OK);
        return DeviceCookieOf(response)!.Value;
    }

    /// <param name="host">The instance.</param>
    /// <param name="device">What the browser has; null for a new one.</param>
    /// <param name="user">As it is typed.</param>
    /// <param name="password">As it is typed.</param>
    /// <param name="service">For which the sign-in is.</param>
    public static Task<HttpResponseMessage> TryLoginFromAsync(this AuthHost host, string? device, string user, string password, string service = "app") =>
        host.TryLoginAsync(user, password, service, device is null ? [] : [("Cookie", $"device={device}")]);

    public static async Task FailFromAsync(this AuthHost host, string? device, string user, int times)
    {
        for (var i = 0; i < times; i++)
            await host.TryLoginFromAsync(device, user, "wrong").RefusedAsync(HttpStatusCode.Unauthorized);
    }

    public static async Task<JsonElement[]> DevicesAsync(this AuthHost host, string accessToken, string? device = null)
    {
        var body = await host.SendAsync(HttpMethod.Get, Own, accessToken, headers: device is null ? [] : [("Cookie", $"device={device}")])
            .ExpectAsync(HttpStatusCode.OK);
        return [.. body.EnumerateArray()];
    }

    /// <summary>The device cookie that an answer sets, if it does.</summary>
    public static SetCookie? DeviceCookieOf(HttpResponseMessage response) =>
        SetCookie.AllOf(response.Headers).FirstOrDefault(cookie => CookieNames.Contains(cookie.Name, StringComparer.Ordinal));
}

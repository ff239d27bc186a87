using System.Net;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Auth;

/// <summary>Signs in with browsers that the device cookie identifies.</summary>
public static class DeviceCalls
{
    public const string Own = "/account/devices";

    private static readonly string[] CookieNames = ["__Host-device", "device"];

    /// <summary>Signs the person in with a browser. The device cookie is null for a new browser.</summary>
    /// <returns>The device cookie of the browser after the sign-in.</returns>
    public static async Task<string> SignInAtBrowserAsync(this AuthHost host, Person person, string? device = null)
    {
        using var response = await host.TryLoginFromAsync(device, person.Id, person.Password, "web");
        await response.ExpectAsync(HttpStatusCode.OK);
        return DeviceCookieOf(response)!.Value;
    }

    /// <summary>Tries a sign-in with a browser. The device cookie is null for a new browser.</summary>
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

    /// <summary>Returns the device cookie that a response sets, or null.</summary>
    public static SetCookie? DeviceCookieOf(HttpResponseMessage response) =>
        SetCookie.AllOf(response.Headers).FirstOrDefault(cookie => CookieNames.Contains(cookie.Name, StringComparer.Ordinal));
}

using System.Collections.Concurrent;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit.Sdk;

namespace AuthService.ApiTests.Browser;

/// <summary>The cookies that a browser really sends, from the moment of watching; what requests say of themselves leaves them out.</summary>
public sealed class SentCookies
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentQueue<(string Id, string Address)> _calls = new();
    private readonly ConcurrentDictionary<string, string> _cookies = new(StringComparer.Ordinal);

    private SentCookies()
    {
    }

    public static async Task<SentCookies> WatchAsync(IPage page)
    {
        var sent = new SentCookies();
        var network = await page.Context.NewCDPSessionAsync(page);
        network.Event("Network.requestWillBeSent").OnEvent += (_, message) =>
            sent._calls.Enqueue((message!.Value.Text("requestId"), message.Value.GetProperty("request").Text("url")));
        network.Event("Network.requestWillBeSentExtraInfo").OnEvent += (_, message) =>
            sent._cookies[message!.Value.Text("requestId")] = CookieOf(message.Value.GetProperty("headers"));
        await network.SendAsync("Network.enable");
        return sent;
    }

    /// <returns>The Cookie header of the last call to this address; empty when it had none.</returns>
    public async Task<string> ToAsync(string address)
    {
        for (var deadline = DateTime.UtcNow + Patience; DateTime.UtcNow < deadline; await Task.Delay(20))
        {
            var id = _calls.LastOrDefault(call => call.Address == address).Id;
            if (id is not null && _cookies.TryGetValue(id, out var cookie))
                return cookie;
        }

        throw new XunitException($"No call to {address} was seen");
    }

    private static string CookieOf(JsonElement headers) => headers.TryGetProperty("Cookie", out var cookie) ? cookie.GetString()! : "";
}

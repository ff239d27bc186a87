using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using Microsoft.Playwright;
using Xunit.Sdk;

namespace AuthService.ApiTests.Browser;

/// <summary>
/// What a page's calls really carry, from the moment of watching: requests say nothing of their cookies, and an answer that the
/// browser keeps from the page is kept from Playwright too.
/// </summary>
public sealed class NetworkLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<(string Id, string Address)> _calls = new();
    private readonly ConcurrentDictionary<string, string> _cookies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _statuses = new(StringComparer.Ordinal);

    private NetworkLog()
    {
    }

    public static async Task<NetworkLog> WatchAsync(IPage page)
    {
        var log = new NetworkLog();
        var network = await page.Context.NewCDPSessionAsync(page);
        network.Event("Network.requestWillBeSent").OnEvent += (_, message) =>
            log._calls.Enqueue((message!.Value.Text("requestId"), message.Value.GetProperty("request").Text("url")));
        network.Event("Network.requestWillBeSentExtraInfo").OnEvent += (_, message) =>
            log._cookies[message!.Value.Text("requestId")] = CookieOf(message.Value.GetProperty("headers"));
        network.Event("Network.responseReceivedExtraInfo").OnEvent += (_, message) =>
            log._statuses[message!.Value.Text("requestId")] = message.Value.GetProperty("statusCode").GetRawText();
        await network.SendAsync("Network.enable");
        return log;
    }

    /// <returns>The Cookie header of the last call to this address; empty when it had none.</returns>
    public Task<string> CookieToAsync(string address) => OfLastCallAsync(_cookies, address);

    /// <returns>The status of the answer to the last call to this address.</returns>
    public async Task<int> StatusOfAsync(string address) => int.Parse(await OfLastCallAsync(_statuses, address), CultureInfo.InvariantCulture);

    private async Task<string> OfLastCallAsync(ConcurrentDictionary<string, string> seen, string address)
    {
        for (var deadline = DateTime.UtcNow + Patience; DateTime.UtcNow < deadline; await Task.Delay(20))
        {
            var id = _calls.LastOrDefault(call => call.Address == address).Id;
            if (id is not null && seen.TryGetValue(id, out var value))
                return value;
        }

        throw new XunitException($"No call to {address} was seen");
    }

    private static string CookieOf(JsonElement headers) => headers.TryGetProperty("Cookie", out var cookie) ? cookie.GetString()! : "";
}

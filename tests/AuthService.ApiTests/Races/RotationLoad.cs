using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Races;

/// <summary>
/// Clients that call all the time, with short pauses. Each refreshes its session on one instance, uses the new access token at once on another, and
/// uses an old one that expires soon.
/// </summary>
internal sealed class RotationLoad : IAsyncDisposable
{
    private static readonly TimeSpan Breath = Effort.Of(usual: TimeSpan.FromMilliseconds(250), @long: TimeSpan.FromMilliseconds(20));

    /// <summary>The age of the old access token. Access tokens are valid for ten minutes.</summary>
    private static readonly TimeSpan LongAgo = TimeSpan.FromMinutes(8);

    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly ConcurrentDictionary<string, int> _tokens = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceProcess[] _instances;
    private readonly Task[] _clients;
    private int _calls;

    private RotationLoad(ServiceProcess[] instances, JsonElement[] signIns)
    {
        _instances = instances;
        _clients = [.. signIns.Select((signIn, client) => RunAsync(signIn, new Random(Effort.Seed + client)))];
    }

    public int Calls => _calls;

    /// <summary>The responses that were not 200, in words.</summary>
    public IReadOnlyCollection<string> Refusals => _refusals;

    /// <summary>Gets the number of tokens that the key has signed.</summary>
    public int SignedBy(string keyId) => _tokens.GetValueOrDefault(keyId);

    public static async Task<RotationLoad> StartAsync(ServiceProcess[] instances, int clients)
    {
        var signIns = new JsonElement[clients];
        for (var client = 0; client < clients; client++)
            signIns[client] = await instances[client % instances.Length].TryLoginAsync(AuthHost.AdminId, AuthHost.AdminPassword).ExpectAsync(HttpStatusCode.OK);
        return new RotationLoad(instances, signIns);
    }

    /// <summary>Stops the clients and waits until each has made its last call.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(JsonElement signIn, Random chance)
    {
        var (old, given) = (signIn.Text("accessToken"), Stopwatch.GetTimestamp());
        while (!_stop.IsCancellationRequested)
        {
            var (here, there) = (_instances[chance.Next(_instances.Length)], _instances[chance.Next(_instances.Length)]);
            if (await CallAsync(here, HttpMethod.Post, "/auth/refresh", signIn.Text("refreshToken")) is { } answer)
            {
                var token = answer.Text("accessToken");
                _tokens.AddOrUpdate(Requests.HeaderOf(token).Text("kid"), 1, (_, before) => before + 1);
                await CallAsync(there, HttpMethod.Get, "/auth/sessions", token);
                if (Stopwatch.GetElapsedTime(given) > LongAgo)
                    (old, given) = (token, Stopwatch.GetTimestamp());
            }

            await CallAsync(here, HttpMethod.Get, "/auth/sessions", old);
            await Task.Delay(Breath);
        }
    }

    private async Task<JsonElement?> CallAsync(ServiceProcess instance, HttpMethod method, string path, string bearer)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        Interlocked.Increment(ref _calls);
        using var response = await instance.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        if (response.StatusCode is HttpStatusCode.OK)
            return JsonElement.Parse(body);
        _refusals.Enqueue($"{path}: {(int)response.StatusCode} {body}");
        return null;
    }
}

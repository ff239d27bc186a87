using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Recovery;
using AuthService.ApiTests.Webhooks;

namespace AuthService.ApiTests.Soak;

/// <summary>Callers that do everything that people and services do, as fast as they can or at a given pace. Every call has one correct response.</summary>
internal sealed class SoakLoad : IAsyncDisposable
{
    /// <summary>The login service with sessions that expire after five seconds.</summary>
    public const string Brief = "brief";

    private const int Callers = 16;
    private const int CallersWithApp = 2;
    private const int AllCallers = Callers + CallersWithApp + 2; // one with a passkey and one with mail
    private const int EnoughErrors = 100;

    private readonly ServiceProcess _service;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentDictionary<string, bool> _signingKeys = new(StringComparer.Ordinal);
    private ConcurrentBag<TimeSpan> _latencies = [];
    private Task[] _running = [];
    private long _due = Stopwatch.GetTimestamp();
    private long _between;
    private int _revocations;
    private int _resets;

    private SoakLoad(ServiceProcess service) => _service = service;

    /// <summary>The responses that were not expected.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The number of calls that revoked a session.</summary>
    public int Revocations => _revocations;

    /// <summary>The number of passwords that were set by mail.</summary>
    public int Resets => _resets;

    /// <summary>The ids of the keys that signed the tokens.</summary>
    public ICollection<string> SigningKeys => _signingKeys.Keys;

    /// <param name="service">The service to call.</param>
    /// <param name="webhook">The address of a webhook that receives each revocation of a session.</param>
    /// <param name="mails">The mails that the service sends.</param>
    public static async Task<SoakLoad> StartAsync(ServiceProcess service, string webhook, Mailbox mails)
    {
        AddThreads(AllCallers);
        var load = new SoakLoad(service);
        var admin = (await load.LoginAsync(AuthHost.AdminId)).Text("accessToken");
        string[] events = ["sign_out", "session_revoked"];
        await load.CallAsync(HttpStatusCode.Created, HttpMethod.Post, WebhookCalls.Root, admin, JsonContent.Create(new { url = webhook, events }));
        var account = await load.CreateAsync(admin, new { id = "_soak", type = "SERVICE" });
        var people = Enumerable.Range(0, Callers).Select(caller => $"soak-{caller}").ToArray();
        var withApp = Enumerable.Range(0, CallersWithApp).Select(caller => $"soak-app-{caller}").ToArray();
        const string WithPasskey = "soak-passkey";
        foreach (var person in people.Concat(withApp).Append(WithPasskey))
            await load.CreateAsync(admin, new { id = person, password = AuthHost.AdminPassword });
        load._running =
        [
            .. people.Select((person, caller) =>
                new SoakCaller(load, person, account.Text("refreshToken"), new Random(Effort.Seed + caller)).RunAsync(load._stop.Token)),
            .. withApp.Select(person => new SoakAppCaller(load, person).RunAsync(load._stop.Token)),
            new SoakPasskeyCaller(load, WithPasskey).RunAsync(load._stop.Token),
            new SoakMailCaller(load, mails).RunAsync(load._stop.Token),
        ];
        return load;
    }

    /// <returns>The calls per second without a limit.</returns>
    public async Task<double> MeasureAsync(TimeSpan length)
    {
        await Task.Delay(length / 2); // the first half warms up
        TakeLatencies();
        var watch = Stopwatch.StartNew();
        await Task.Delay(length / 2);
        return TakeLatencies().Calls / watch.Elapsed.TotalSeconds;
    }

    public void HoldTo(double callsPerSecond)
    {
        Volatile.Write(ref _due, Stopwatch.GetTimestamp());
        Volatile.Write(ref _between, (long)(Stopwatch.Frequency / callsPerSecond));
    }

    /// <summary>Returns the number of calls and their latencies in milliseconds since the last call of this method.</summary>
    public (int Calls, double P50, double P99) TakeLatencies()
    {
        var sorted = Interlocked.Exchange(ref _latencies, []).Select(latency => latency.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0 ? (0, 0, 0) : (sorted.Length, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        AddThreads(-AllCallers);
    }

    public void CountRevocation() => Interlocked.Increment(ref _revocations);

    public void CountReset() => Interlocked.Increment(ref _resets);

    public Task<JsonElement> LoginAsync(string person, string service = "app", string password = AuthHost.AdminPassword) => CallAsync(
        HttpStatusCode.OK, HttpMethod.Post, "/auth/login", bearer: null,
        new FormUrlEncodedContent([new("username", person), new("password", password), new("service", service)]));

    public Task<JsonElement> CreateAsync(string admin, object principal) =>
        CallAsync(HttpStatusCode.Created, HttpMethod.Post, "/admin/principals", admin, JsonContent.Create(principal));

    /// <summary>Waits until the call is due, and calls.</summary>
    /// <returns>The body of the response; undefined when there is none or the response was not expected.</returns>
    public async Task<JsonElement> CallAsync(HttpStatusCode expected, HttpMethod method, string path, string? bearer, HttpContent? content = null)
    {
        var due = await TurnAsync();
        try
        {
            using var response = await _service.Http.SendAsync(method, path, bearer, content, ("Accept", "application/json"));
            var body = await response.Content.ReadAsStringAsync();
            _latencies.Add(Stopwatch.GetElapsedTime(due));
            return response.StatusCode == expected ? Read(body) : Wrong($"{method} {path}: {(int)response.StatusCode}, not {(int)expected}: {body}");
        }
        catch (HttpRequestException broken)
        {
            return Wrong($"{method} {path}: {broken.Message}");
        }
    }

    /// <summary>
    /// Adds threads to the pool of the test run. It has one for each core, so that callers would sometimes wait half a second for a thread, and the service
    /// would seem slow.
    /// </summary>
    private static void AddThreads(int number)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(workers + number, ports);
    }

    private JsonElement Read(string body)
    {
        var json = body.Length > 0 ? JsonElement.Parse(body) : default;
        if (json.ValueKind is JsonValueKind.Object && json.TryGetProperty("accessToken", out var token))
            _signingKeys[Requests.HeaderOf(token.GetString()!).Text("kid")] = true;
        return json;
    }

    private JsonElement Wrong(string error)
    {
        if (_errors.Count < EnoughErrors)
            _errors.Enqueue(error);
        return default;
    }

    /// <returns>The time at which the call was due. It may have passed.</returns>
    private async Task<long> TurnAsync()
    {
        var between = Volatile.Read(ref _between);
        if (between == 0)
            return Stopwatch.GetTimestamp();
        var due = Interlocked.Add(ref _due, between);
        var early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        if (early > TimeSpan.Zero)
            await Task.Delay(early);
        return due;
    }
}

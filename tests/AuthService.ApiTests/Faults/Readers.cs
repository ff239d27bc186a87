using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Signals;

namespace AuthService.ApiTests.Faults;

/// <summary>The calls of a service that reads what it is told, on all instances in turn. One that fails is nothing: the next one goes on.</summary>
internal sealed class ServiceCalls(HttpClient http, Service service, IReadOnlyList<Func<Uri?>> instances)
{
    private string? _token;
    private int _turn;

    /// <returns>Null when there was no answer, or a refusal.</returns>
    public async Task<JsonElement?> TryAsync(HttpMethod method, string path, object? json = null)
    {
        if (instances[_turn++ % instances.Count]() is not { } instance)
            return null;
        try
        {
            _token ??= await RefreshAsync(instance);
            using var response = await http.SendAsync(method, new Uri(instance, path).AbsoluteUri, _token, json);
            if (response.StatusCode is HttpStatusCode.Unauthorized)
                _token = null;
            return response.IsSuccessStatusCode ? JsonElement.Parse(await response.Content.ReadAsStringAsync()) : null;
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or SocketException)
        {
            return null;
        }
    }

    private async Task<string?> RefreshAsync(Uri instance)
    {
        using var response = await http.SendAsync(HttpMethod.Post, new Uri(instance, "/auth/refresh").AbsoluteUri, service.RefreshToken);
        return response.IsSuccessStatusCode ? JsonElement.Parse(await response.Content.ReadAsStringAsync()).Text("accessToken") : null;
    }
}

/// <summary>Follows the feed of revocations.</summary>
internal sealed class FeedReader(ServiceCalls calls, string? cursor = null)
{
    private readonly List<string> _sessions = [];

    /// <summary>How far it has come.</summary>
    public string? Cursor { get; private set; } = cursor;

    /// <summary>The sessions that it heard of, as often as it did.</summary>
    public IReadOnlyCollection<string> Sessions => _sessions;

    /// <returns>Whether there was an answer, and all of it.</returns>
    public async Task<bool> ReadAsync(int wait = 0)
    {
        var after = Cursor is null ? "" : $"&after={Cursor}";
        if (await calls.TryAsync(HttpMethod.Get, $"/revocations?wait={wait}{after}") is not { } answer)
            return false;
        Cursor = answer.Text("cursor");
        _sessions.AddRange(answer.GetProperty("revoked").EnumerateArray()
            .Where(entry => entry.TryGetProperty("sid", out _) && !entry.TryGetProperty("sub", out _)).Select(entry => entry.Text("sid")));
        return !answer.TryGetProperty("more", out _);
    }
}

/// <summary>What a SET tells.</summary>
/// <param name="Id">Its <c>jti</c>.</param>
/// <param name="Event">The type of the event.</param>
/// <param name="User">Whom it is about.</param>
/// <param name="Session">Which session of theirs; null for all.</param>
/// <param name="Cause">The audit event.</param>
internal sealed record ToldSignal(string Id, string Event, string? User, string? Session, string? Cause)
{
    public static ToldSignal Of(JsonElement claims)
    {
        var (subject, content) = (claims.GetProperty("sub_id"), SignalCalls.ContentOf(claims));
        return new ToldSignal(
            claims.Text("jti"),
            SignalCalls.EventOf(claims),
            SignalCalls.UserOf(claims),
            subject.TryGetProperty("session", out var session) ? session.Text("id") : null,
            content.TryGetProperty("reason_admin", out var reason) ? reason.Text("en") : null);
    }
}

/// <summary>Polls a stream of shared signals, and acknowledges what it has.</summary>
internal sealed class SignalPoller(ServiceCalls calls, string stream)
{
    private readonly Dictionary<string, ToldSignal> _told = new(StringComparer.Ordinal);
    private string[] _given = [];

    public string Stream => stream;

    public IReadOnlyCollection<ToldSignal> Told => _told.Values;

    /// <summary>The <c>jti</c>s that came again and told something else.</summary>
    public List<string> Changed { get; } = [];

    /// <returns>Whether there was an answer, and none waits.</returns>
    public async Task<bool> PollAsync()
    {
        var poll = new { returnImmediately = true, ack = _given };
        if (await calls.TryAsync(HttpMethod.Post, SignalCalls.PollOf(stream), poll) is not { } answer)
            return false;
        var signals = SignalCalls.ClaimsIn(answer).Select(ToldSignal.Of).ToList();
        foreach (var signal in signals)
        {
            if (!_told.TryAdd(signal.Id, signal) && _told[signal.Id] != signal)
                Changed.Add(signal.Id);
        }

        _given = [.. signals.Select(signal => signal.Id)];
        return signals.Count == 0;
    }
}

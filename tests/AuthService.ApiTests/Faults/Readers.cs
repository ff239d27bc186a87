using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Signals;

namespace AuthService.ApiTests.Faults;

/// <summary>The calls of a service that reads messages, on all instances in turn. A call that fails does no harm: the next one continues.</summary>
internal sealed class ServiceCalls(HttpClient http, Service service, IReadOnlyList<Func<Uri?>> instances)
{
    private string? _token;
    private int _turn;

    /// <returns>Null when there was no response, or a refusal.</returns>
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

    /// <summary>The cursor of the last page that was read.</summary>
    public string? Cursor { get; private set; } = cursor;

    /// <summary>The sessions that it learned of, with repetitions.</summary>
    public IReadOnlyCollection<string> Sessions => _sessions;

    /// <returns>Whether there was a complete response.</returns>
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

/// <summary>The contents of a SET.</summary>
/// <param name="Id">The <c>jti</c> of the SET.</param>
/// <param name="Event">The type of the event.</param>
/// <param name="User">The principal that it is about.</param>
/// <param name="Session">The session that it is about. Null for all sessions.</param>
/// <param name="Cause">The audit event that caused it.</param>
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

/// <summary>Polls a stream of shared signals and acknowledges the SETs that it got.</summary>
internal sealed class SignalPoller(ServiceCalls calls, string stream)
{
    private readonly Dictionary<string, ToldSignal> _told = new(StringComparer.Ordinal);
    private string[] _given = [];

    public string Stream => stream;

    public IReadOnlyCollection<ToldSignal> Told => _told.Values;

    /// <summary>The <c>jti</c>s that arrived again with other contents.</summary>
    public List<string> Changed { get; } = [];

    /// <returns>Whether there was a response, and no SET waits.</returns>
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

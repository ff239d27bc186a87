using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace AuthService.ApiTests.Faults;

/// <summary>Makes calls and records each: what was called, when, and the outcome.</summary>
internal sealed class Recorder : IDisposable
{
    /// <summary>The timeout of a call. It is longer than any call may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The pause of a caller who lost the connection. Without it, callers would take the processor from an instance that starts again.</summary>
    private static readonly TimeSpan AfterLoss = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { Timeout = Patience };

    public IReadOnlyCollection<Call> Calls => _calls;

    public TimeSpan Now => _clock.Elapsed;

    /// <summary>The figures for the table: "1,200 calls: 1,100 ok, 90 refused, 10 unknown".</summary>
    public string Figures
    {
        get
        {
            var counts = _calls.CountBy(call => call.Outcome).ToDictionary();
            return $"{_calls.Count:N0} calls: {Of(Outcome.Ok):N0} ok, {Of(Outcome.Refused):N0} refused, {Of(Outcome.Unknown):N0} unknown";

            int Of(Outcome outcome) => counts.GetValueOrDefault(outcome);
        }
    }

    public async Task<Call> SendAsync(CallKind kind, string subject, HttpRequestMessage request)
    {
        var sent = Now;
        var call = await SendAsync(kind, subject, request, sent);
        Note(call);
        return call;
    }

    public void Note(Call call) => _calls.Enqueue(call);

    public void Dispose() => _http.Dispose();

    private async Task<Call> SendAsync(CallKind kind, string subject, HttpRequestMessage request, TimeSpan sent)
    {
        try
        {
            using var sending = request;
            using var response = await _http.SendAsync(sending);
            var body = await response.Content.ReadAsStringAsync();
            return new Call(kind, subject, sent, Now, (int)response.StatusCode, body, response.Headers.RetryAfter is not null);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or SocketException) // the instance just stopped
        {
            var call = new Call(kind, subject, sent, Now, Status: null, $"{request.Method} {request.RequestUri}: {lost.Message}", SaysWhenToRetry: false);
            await Task.Delay(AfterLoss);
            return call;
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using AuthService.ApiTests.Hosting;

namespace AuthService.ApiTests.Hostile.Crowds;

/// <summary>
/// Ordinary callers beside a crowd. Until they are stopped, each signs in, refreshes and signs out on a new connection again and again. No call may be refused.
/// </summary>
internal sealed class Bystanders : IAsyncDisposable
{
    private const int Callers = 3;

    private readonly CancellationTokenSource _end = new();
    private readonly Task[] _callers;
    private int _rounds;
    private long _slowest;

    private Bystanders(Uri server) => _callers = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(server)))];

    public static Bystanders Start(Uri server) => new(server);

    /// <summary>Waits until each caller could do two more rounds. Fails when a call was refused.</summary>
    public async Task WaitForMoreAsync()
    {
        var wanted = _rounds + (2 * Callers);
        while (_rounds < wanted)
        {
            if (_callers.FirstOrDefault(caller => caller.IsCompleted) is { } ended)
                await ended;
            await Task.Delay(20);
        }
    }

    /// <summary>Stops the callers. Fails when a call was refused.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers);
    }

    /// <summary>Returns the numbers for the table of proofs.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"beside them {_rounds:N0} sign-ins, refreshes and sign-outs, the slowest {new TimeSpan(_slowest).TotalSeconds:0.0} s");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_callers).ContinueWith(static all => all.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _end.Dispose();
    }

    private async Task CallAsync(Uri server)
    {
        while (!_end.IsCancellationRequested)
        {
            using var http = Loopback.NewClient(server);
            var round = Stopwatch.StartNew();
            await GoThroughAsync(http);
            Interlocked.Increment(ref _rounds);
            for (var known = _slowest; round.Elapsed.Ticks > known && Interlocked.CompareExchange(ref _slowest, round.Elapsed.Ticks, known) != known;)
                known = _slowest;
            await Task.Delay(50);
        }
    }

    private static async Task GoThroughAsync(HttpClient http)
    {
        var session = await http.LoginAsync(AuthHost.AdminId, AuthHost.AdminPassword);
        await http.SendAsync(HttpMethod.Post, "/auth/refresh", session.RefreshToken).ExpectAsync(HttpStatusCode.OK);
        await http.SendAsync(HttpMethod.Post, "/auth/logout", session.RefreshToken).ExpectAsync(HttpStatusCode.NoContent);
    }
}

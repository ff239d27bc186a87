using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using AuthService.Benchmarks.Run;
using AuthService.Benchmarks.Service;

namespace AuthService.Benchmarks.Validators;

/// <summary>Signs sessions out at a steady rate, even when the service is slower.</summary>
internal sealed class SignOuts(ServiceInstance service, CopiedSessions copies)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    /// <summary>The times at which the sign-outs were acknowledged, in ticks of <see cref="Stopwatch"/>.</summary>
    public ConcurrentDictionary<Guid, long> Acknowledged { get; } = new();

    public async Task RunAsync(int aSecond, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(service.Issuer) };
        var calls = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Tick);
        while (await timer.WaitForNextTickAsync(cancellationToken) && calls.Count < aSecond * interval.TotalSeconds)
        {
            while (calls.Count < Math.Min(aSecond * Stopwatch.GetElapsedTime(start).TotalSeconds, aSecond * interval.TotalSeconds))
                calls.Add(SignOutAsync(http, copies.Take(), cancellationToken));
        }

        await Task.WhenAll(calls);
    }

    private async Task SignOutAsync(HttpClient http, Guid session, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Requests.LogoutPath);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", CopiedSessions.TokenOf($"{session}"));
        using var response = await http.SendAsync(request, cancellationToken);
        Acknowledged[session] = Stopwatch.GetTimestamp();
        if (!response.IsSuccessStatusCode)
            throw new BenchmarkException($"A sign-out was answered {(int)response.StatusCode}.");
    }
}

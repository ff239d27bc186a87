using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Storage;

/// <summary>
/// Calls at the same time share statements. Such a batch has a separate trace with links to its callers. None of its spans and log lines has the
/// trace id of a caller.
/// </summary>
public sealed class BatchTraceTests : IAsyncLifetime
{
    private const int Callers = 40;
    private const int MostRounds = 25;

    private readonly ConcurrentQueue<Activity> _spans = new();
    private AuthHost _host = null!;
    private string _token = null!;

    public async Task InitializeAsync()
    {
        _host = await AuthHost.StartAsync(Store.Postgres, new()
        {
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command"] = "Information",
            ["ReverseProxy:KnownProxies:0"] = "127.0.0.1", // the service continues the trace of this proxy
        });
        _token = await _host.AdminTokenAsync();
    }

    [Fact]
    public async Task A_batch_of_several_callers_carries_the_trace_of_none_of_them()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "AuthService.Storage" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        string[] alone = [await CallAsync(), await CallAsync(), await CallAsync()];
        var (spansAlone, linesAlone) = (alone.Max(Count), alone.Max(CountLines));
        Assert.True(spansAlone > 0 && linesAlone > 0, $"The statements of a lone call belong to its trace: {spansAlone} spans and {linesAlone} lines");

        var traces = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < MostRounds && !SharedBatches(traces).Any(); round++)
            traces.UnionWith(await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync())));

        var shared = SharedBatches(traces).ToList();
        Assert.NotEmpty(shared);
        Assert.All(shared, batch => Assert.DoesNotContain(batch.TraceId.ToString(), traces));
        Assert.All(traces, trace => Assert.InRange(Count(trace), 0, spansAlone));
        Assert.All(traces, trace => Assert.InRange(CountLines(trace), 0, linesAlone));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private IEnumerable<Activity> SharedBatches(HashSet<string> callers) => _spans.Where(span =>
        span.Source.Name is "AuthService.Storage" && span.Links.Count(link => callers.Contains(link.Context.TraceId.ToString())) > 1);

    /// <summary>Counts the database spans of a trace, without those of opening connections.</summary>
    private int Count(string trace) => _spans.Count(span => span.Source.Name is "Npgsql" && span.TraceId.ToString() == trace
        && span.TagObjects.Any(tag => tag.Value is string text && text.Contains("FROM sessions", StringComparison.Ordinal)));

    private int CountLines(string trace) => _host.Log.Lines.Count(line =>
        line.Contains("Database.Command", StringComparison.Ordinal) && line.Contains(trace, StringComparison.Ordinal));

    /// <returns>The id of the trace.</returns>
    private async Task<string> CallAsync()
    {
        var trace = ActivityTraceId.CreateRandom().ToString();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/auth/sessions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        await _host.Http.SendAsync(request).ExpectAsync(HttpStatusCode.OK);
        return trace;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using AuthService.ApiTests.AppTokens;
using AuthService.ApiTests.Hosting;
using Xunit;
using static AuthService.ApiTests.Hosting.Principals;

namespace AuthService.ApiTests.Races;

/// <summary>
/// The instance that runs a call with a key dies or hangs in the middle of it, or the caller disconnects. The key is free again soon, and nothing is
/// done twice. The tests run on PostgreSQL, where a call can be stopped at the table that it writes.
/// </summary>
[Collection("postgres")]
public sealed class IdempotencyCrashTests(PostgresStore store) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>A body that makes the response longer than one write.</summary>
    private static readonly object Body = new
    {
        name = "n",
        metadata = Enumerable.Range(0, 12).ToDictionary(i => $"entry{i}", _ => new string('x', 4_000), StringComparer.Ordinal),
    };

    private readonly AuthHost _host = store.Host;
    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task After_the_instance_was_killed_the_key_is_free()
    {
        var (apiKey, key) = ((await _host.NewApiKeyAsync()).Key, NewName("key"));
        var before = await _host.Database.CountAsync("applications");
        await using (var table = await BlockedTable.LockAsync(_host.Database, "applications"))
        {
            await using var victim = await StartVictimAsync();
            var lost = CreateAsync(victim.Http, apiKey, key);
            await table.UntilSomebodyWaitsAsync(Patience);
            await victim.SignalAsync("KILL");
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        }

        await _host.PostWithKeyAsync(AppTokenCalls.Applications, apiKey, key, new { name = "another body" }).ExpectAsync(HttpStatusCode.Created);

        Assert.Equal(before + 1, await _host.Database.CountAsync("applications"));
    }

    [Fact]
    public async Task After_the_instance_stood_still_for_20_seconds_the_key_is_free()
    {
        var (apiKey, key) = ((await _host.NewApiKeyAsync()).Key, NewName("key"));
        var before = await _host.Database.CountAsync("applications");
        await using var victim = await StartVictimAsync();
        Task<HttpResponseMessage> stuck;
        await using (var table = await BlockedTable.LockAsync(_host.Database, "applications"))
        {
            stuck = CreateAsync(victim.Http, apiKey, key);
            await table.UntilSomebodyWaitsAsync(Patience);
            await victim.SignalAsync("STOP");
        }

        var free = await UntilFreeAsync(apiKey, key);
        await victim.SignalAsync("CONT");
        using var late = await stuck;

        Assert.InRange(free, TimeSpan.FromSeconds(5), Patience);
        Assert.False(late.IsSuccessStatusCode, "The call that stood still says that it was done");
        Assert.Equal(before + 1, await _host.Database.CountAsync("applications"));
    }

    [Fact]
    public async Task A_caller_that_hung_up_gets_the_answer_with_its_repeat()
    {
        var (apiKey, key) = ((await _host.NewApiKeyAsync()).Key, NewName("key"));
        var before = await _host.Database.CountAsync("applications");
        using var hangUp = new CancellationTokenSource();
        await using (var table = await BlockedTable.LockAsync(_host.Database, "applications"))
        {
            var given = CreateAsync(_host.Http, apiKey, key, hangUp.Token);
            await table.UntilSomebodyWaitsAsync(Patience);
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
            await Task.Delay(TimeSpan.FromMilliseconds(200)); // until the service notices that the caller disconnected
        }

        var repeats = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ =>
            _host.PostWithKeyAsync(AppTokenCalls.Applications, apiKey, key, Body).ExpectAsync(HttpStatusCode.Created)));

        Assert.Single(repeats.Select(repeat => repeat.Text("id")).Distinct(StringComparer.Ordinal));
        Assert.Equal(before + 1, await _host.Database.CountAsync("applications"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ServiceProcess> StartVictimAsync()
    {
        var victim = _folder.Start(ServiceFolder.ForProduction().With(_host.Database.Settings));
        await victim.WaitUntilReadyAsync();
        return victim;
    }

    /// <summary>
    /// Calls with another body and the same key again and again, as a client does, until the key is free. A refusal because the first call still runs
    /// is expected.
    /// </summary>
    private async Task<TimeSpan> UntilFreeAsync(string apiKey, string key)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await _host.PostWithKeyAsync(AppTokenCalls.Applications, apiKey, key, new { name = "another body" });
            if (answer.StatusCode is HttpStatusCode.Created)
                return waited.Elapsed;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.True(waited.Elapsed < Patience, $"The key is not free after {waited.Elapsed}");
        }
    }

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient http, string apiKey, string key, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AppTokenCalls.Applications) { Content = JsonContent.Create(Body) };
        request.Headers.Authorization = new("Bearer", apiKey);
        request.Headers.Add("Idempotency-Key", key);
        return await http.SendAsync(request, cancellation);
    }
}

using System.Net.Http.Headers;
using AuthService.ApiTests.Admin;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>A killed instance loses only the refusals that it had not written yet, which are its last ones.</summary>
public sealed class LostRefusalTests : IDisposable
{
    private const int Rows = 20;
    private const string Unknown = "rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly ServiceFolder _folder = new();

    [Theory]
    [InlineData(Store.Sqlite)]
    [InlineData(Store.Postgres)]
    public async Task A_killed_instance_loses_no_more_than_its_last_refusals(Store store)
    {
        await using var database = await TestDatabase.CreateAsync(store);
        await using var survivor = await AuthHost.StartOnAsync(database);
        await using var victim = _folder.Start(ServiceFolder.ForProduction().With(database.Settings));
        await victim.WaitUntilReadyAsync();
        var written = await RefuseAsync(victim);
        await survivor.RefusalOfAsync(written[^1]);
        var last = await RefuseAsync(victim);

        await victim.SignalAsync("KILL");
        await victim.WaitForExitAsync(TimeSpan.FromSeconds(30));

        foreach (var trace in written)
            Assert.Equal("UNKNOWN_TOKEN", (await survivor.RefusalOfAsync(trace)).Text("reason"));
        var kept = await Task.WhenAll(last.Select(async trace => await database.CountAsync($"refused_calls WHERE trace_id = '{trace}'") > 0));
        Assert.Equal(kept.OrderDescending(), kept);
        ProofTable.Add("Faults", $"SIGKILL after {2 * Rows} refusals, {store}", $"{kept.Count(isKept => !isKept)} of the last {Rows} rows lost");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string[]> RefuseAsync(ServiceProcess service)
    {
        var traces = new string[Rows];
        for (var row = 0; row < Rows; row++)
        {
            using var refresh = new HttpRequestMessage(HttpMethod.Post, "/auth/refresh");
            refresh.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Unknown);
            traces[row] = await service.Http.SendAsync(refresh).TraceIdAsync();
        }

        return traces;
    }
}

using System.Diagnostics;
using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Mail;
using AuthService.ApiTests.OAuth;
using AuthService.ApiTests.Recovery;
using AuthService.ApiTests.Webhooks;
using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace AuthService.ApiTests.Soak;

/// <summary>
/// The service runs as a process on PostgreSQL, at half of its capacity on this machine, while keys are rotated, sessions revoked and expired rows deleted. No
/// call fails and memory does not grow. The test reports latencies without a limit for them.
/// </summary>
[Collection("alone")]
public sealed class SoakTests(ITestOutputHelper output) : IDisposable
{
    private const int PoolSize = 20;
    private const int MegaByte = 1 << 20;

    private static readonly TimeSpan Measuring = Effort.Of(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));
    private static readonly TimeSpan Length = Effort.Of(TimeSpan.FromSeconds(12), TimeSpan.FromMinutes(15));
    private static readonly TimeSpan Step = Effort.Of(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));
    private static readonly TimeSpan BetweenRotations = Effort.Of(TimeSpan.FromSeconds(8), TimeSpan.FromMinutes(1));

    private readonly ServiceFolder _folder = new();
    private readonly SettingFolder _files = new();

    [Fact]
    public async Task Nothing_fails_and_nothing_grows()
    {
        await using var database = await TestDatabase.CreateAsync(Store.Postgres);
        _files.Write(SigningKeys.At(0, "ES256", "key-0"));
        await using var mailServer = MailServer.Start();
        await using var service = _folder.Start(SettingsOn(database).With(mailServer.Settings));
        await service.WaitUntilReadyAsync();
        await using var webhooks = await WebhookReceiver.StartAsync();
        await using var load = await SoakLoad.StartAsync(service, webhooks.Url, new Mailbox(mailServer));

        var capacity = await load.MeasureAsync(Measuring);
        load.HoldTo(callsPerSecond: capacity / 2);
        var rotations = RotateAsync();
        var table = new SoakTable();
        var samples = await WatchAsync(service, database, load, table);
        var keys = await rotations;
        await load.StopAsync();
        await Eventually.TrueAsync(() => MessagesTo(webhooks) >= load.Revocations, () => $"{MessagesTo(webhooks)} messages, {load.Revocations} revocations");
        await Eventually.TrueAsync(async () => await database.CountAsync("outbox_mails") is 0);

        Show(table, capacity, samples, keys);
        Assert.Empty(load.Errors);
        Assert.Equal(load.Revocations, MessagesTo(webhooks));
        Assert.NotEqual(0, load.Resets);
        Assert.Equal(2 * load.Resets, mailServer.Received.Count); // a link and a notice each
        Assert.True(load.SigningKeys.Count > keys / 2, $"Of {keys} keys only {string.Join(", ", load.SigningKeys)} signed");
        Assert.All(samples, sample => Assert.InRange(sample.Connections, 1, PoolSize + 1)); // one more connection counts active sessions or cleans up
        var (early, late) = (PeakOf(samples[..(samples.Count / 3)]), PeakOf(samples[^(samples.Count / 3)..]));
        Assert.True(late < (early * 3 / 2) + 200, $"Memory has grown from {early} to {late} MB");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    private Settings SettingsOn(TestDatabase database) => ServiceFolder.ForProduction().With(_files.Settings).With(WebhookReceiver.Settings).With(new()
    {
        ["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = PoolSize }.ConnectionString,
        ["RateLimits:Enabled"] = "false",
        ["CleanUp:Interval"] = "00:00:01",
        [$"LoginServices:{SoakLoad.Brief}:Endpoint"] = $"{AuthHost.Origin}/",
        [$"LoginServices:{SoakLoad.Brief}:Mode"] = "Application",
        [$"LoginServices:{SoakLoad.Brief}:Lifetime"] = "00:00:05",
        ["Logging:LogLevel:Default"] = "Warning",
    });

    private static async Task<List<SoakSample>> WatchAsync(ServiceProcess service, TestDatabase database, SoakLoad load, SoakTable table)
    {
        var (samples, watch) = (new List<SoakSample>(), Stopwatch.StartNew());
        while (watch.Elapsed < Length)
        {
            await Task.Delay(Step);
            var (calls, p50, p99) = load.TakeLatencies();
            var sample = new SoakSample(
                watch.Elapsed, calls / Step.TotalSeconds, load.Errors.Count, p50, p99, service.Memory / MegaByte,
                await database.ConnectionsAsync(), await database.CountAsync("sessions"));
            samples.Add(sample);
            table.Add(sample);
        }

        return samples;
    }

    /// <summary>Publishes one key after another. Each signs later and then retires the key before it.</summary>
    /// <returns>The number of keys.</returns>
    private async Task<int> RotateAsync()
    {
        var (watch, keys) = (Stopwatch.StartNew(), 1);
        while (watch.Elapsed + BetweenRotations < Length)
        {
            var activeFrom = TimeProvider.System.GetUtcNow() + (BetweenRotations * 0.75);
            _files.Write(SigningKeys.At(keys, "ES256", $"key-{keys}", activeFrom).With(SigningKeys.Dates(keys - 1, retireAfter: activeFrom)));
            keys++;
            await Task.Delay(BetweenRotations);
        }

        return keys;
    }

    private static int MessagesTo(WebhookReceiver webhooks) => webhooks.Received.Select(webhook => webhook.Id).Distinct(StringComparer.Ordinal).Count();

    private static long PeakOf(IEnumerable<SoakSample> samples) => samples.Max(sample => sample.MegaBytes);

    private void Show(SoakTable table, double capacity, List<SoakSample> samples, int keys)
    {
        var text = $"capacity {capacity:N0} calls/s, held to half, {keys} signing keys, seed {Effort.Seed}\n{table}";
        output.WriteLine(text);
        Directory.CreateDirectory(TestResults.Folder);
        File.WriteAllText(Path.Combine(TestResults.Folder, "soak.txt"), text);
        ProofTable.Add("Soak", "half of the capacity (Postgres)",
            $"{samples[^1].At.TotalSeconds:N0} s, {samples.Average(sample => sample.CallsPerSecond):N0} calls/s, {samples[^1].Errors} errors, "
            + $"{samples[0].MegaBytes} to {samples[^1].MegaBytes} MB, at most {samples.Max(sample => sample.Connections)} connections, "
            + $"p99 {samples.Max(sample => sample.P99):N1} ms at worst");
    }
}

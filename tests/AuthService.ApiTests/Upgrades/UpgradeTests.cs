using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Faults;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Upgrades;

/// <summary>The service upgrades an earlier version's database without losing data, and the earlier version can use it again.</summary>
public abstract class UpgradeTests(Store store) : IDisposable
{
    private static readonly int Sessions = Effort.Of(20_000, 1_000_000);
    private static readonly TimeSpan SideBySide = Effort.Of(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceFolder _now = new();

    public static TheoryData<string> Released => ReleasedSchema.All;

    [Theory]
    [MemberData(nameof(Released))]
    public async Task Sessions_of_a_released_version_live_on(string lastMigration)
    {
        await using var database = await ReleasedSchema.CreateAsync(store, lastMigration);
        var sessions = new ManySessions(database, Sessions);
        await sessions.AddAsync();
        await using var service = _now.Start(SettingsOf(database));

        var longest = await sessions.LongestWaitAsync(service.WaitUntilReadyAsync());

        Assert.Equal(Sessions, await database.CountAsync("sessions"));
        await sessions.ExpectActiveAsync(service.Http);
        var figures = $"{Sessions:N0} sessions live on, longest wait for a row {longest.TotalMilliseconds:F0} ms";
        ProofTable.Add("Upgrades", $"From {lastMigration}, {store}", figures);
    }

    /// <summary>Replaces one instance after another, as src/AuthService/OPERATIONS.md says, and then goes back in the same way.</summary>
    [EarlierBuildTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rolling_upgrade_and_the_way_back_lose_nothing(bool migratedBefore)
    {
        using var earlier = new ServiceFolder(EarlierBuildTheoryAttribute.Path);
        await using var database = await TestDatabase.CreateAsync(store);
        await using var around = await Surroundings.StartAsync();
        var settings = SettingsOf(database).With(around.Settings).With(new() { ["Shutdown:DrainDelay"] = "00:00:05" });
        await using var one = new Replaceable(earlier, settings);
        await using var other = new Replaceable(earlier, settings);
        await one.StartAsync();
        await other.StartAsync();
        var sessions = new ManySessions(database, Sessions);
        await sessions.AddAsync();
        await using var trial = await FaultTrial.StartAsync(around, mailsMayRepeat: false, () => one.ReadyAddress, () => other.ReadyAddress);

        var longest = await sessions.LongestWaitAsync(UpgradeAndGoBackAsync());

        Checker.Expect([.. trial.Recorder.Calls.Where(call => call.Outcome is Outcome.Unknown).Select(call => $"Not answered: {call} {call.Body}")]);
        await trial.StopAsync();
        using (var http = new HttpClient { BaseAddress = one.ReadyAddress })
            await sessions.ExpectActiveAsync(http);
        await sessions.RemoveAsync();
        await trial.JudgeAsync(
            $"Upgrade and back, {(migratedBefore ? "migrated before" : "migrated at the start")}, {store}", database,
            $", {Sessions:N0} sessions, longest wait for a row {longest.TotalMilliseconds:F0} ms");

        async Task UpgradeAndGoBackAsync()
        {
            if (migratedBefore)
                (await _now.RunProcessAsync(settings, ["migrate"])).Expect(0);
            await ReplaceAsync(one, _now);
            await ReplaceAsync(other, _now);
            await ReplaceAsync(one, earlier);
            await ReplaceAsync(other, earlier);
        }
    }

    public void Dispose()
    {
        _now.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Settings SettingsOf(TestDatabase database) => ServiceFolder.ForProduction().With(database.Settings);

    private static async Task ReplaceAsync(Replaceable instance, ServiceFolder build)
    {
        await Task.Delay(SideBySide);
        await instance.StopAsync(Patience);
        await instance.StartAsync(build);
    }

    public sealed class OnSqlite() : UpgradeTests(Store.Sqlite);

    public sealed class OnPostgres() : UpgradeTests(Store.Postgres);
}

using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.Faults;

/// <summary>Instances are stopped and killed under load, and started again.</summary>
public sealed class StopUnderLoadTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServiceFolder _folder = new();

    [Fact]
    public async Task A_rolling_restart_loses_no_request()
    {
        await using var database = await TestDatabase.CreateAsync(Store.Postgres);
        await using var around = await Surroundings.StartAsync();
        var settings = Settings(database, around).With(new() { ["Shutdown:DrainDelay"] = "00:00:10" });
        await using var one = new Replaceable(_folder, settings);
        await using var other = new Replaceable(_folder, settings);
        await Task.WhenAll(one.StartAsync(), other.StartAsync());
        await using var trial = await FaultTrial.StartAsync(around, mailsMayRepeat: false, () => one.ReadyAddress, () => other.ReadyAddress);
        var slowest = TimeSpan.Zero;
        for (var stop = 0; stop < Effort.Of(1, 10); stop++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            var instance = stop % 2 == 0 ? one : other;
            var took = await instance.StopAsync(Patience);
            slowest = took > slowest ? took : slowest;
            await instance.StartAsync();
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
        Checker.Expect([.. trial.Recorder.Calls.Where(call => call.Outcome is Outcome.Unknown).Select(call => $"Not answered: {call} {call.Body}")]);
        await trial.JudgeAsync("SIGTERM under load", database, $", out in {slowest.TotalSeconds:F1} s at most");
    }

    [Fact]
    public Task Killed_instances_lose_nothing_that_they_acknowledged() => Task.WhenAll(KillUnderLoadAsync(Store.Postgres), KillUnderLoadAsync(Store.Sqlite));

    public void Dispose() => _folder.Dispose();

    private async Task KillUnderLoadAsync(Store store)
    {
        await using var database = await TestDatabase.CreateAsync(store);
        await using var around = await Surroundings.StartAsync();
        var settings = Settings(database, around);
        await using var one = new Replaceable(_folder, settings);
        await using var other = new Replaceable(_folder, settings);
        await Task.WhenAll(one.StartAsync(), other.StartAsync());
        await using var trial = await FaultTrial.StartAsync(around, mailsMayRepeat: true, () => one.Address, () => other.Address);
        for (var kill = 0; kill < Effort.Of(1, 20); kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            trial.FaultBegins();
            await Task.WhenAll(one.KillAsync(), kill % 2 == 0 ? other.KillAsync() : Task.CompletedTask);
            await Task.WhenAll(one.StartAsync(), other.StartAsync());
            await trial.RecoverAsync();
        }

        await trial.JudgeAsync($"Both instances killed (SIGKILL) under load, {store}", database);
    }

    private static Settings Settings(TestDatabase database, Surroundings around) =>
        ServiceFolder.ForProduction().With(database.Settings).With(around.Settings);
}

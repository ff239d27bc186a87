using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Signals;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>The doctor reports the state of shared signals.</summary>
public abstract class DoctorSignalTests(AuthHost host)
{
    private static readonly Settings PushesAnywhere = Receiver.Settings;

    [Fact]
    public async Task Without_streams_there_is_nothing_to_say_and_of_those_that_work_that_they_do()
    {
        await using var own = await host.StartAnotherAsync();
        Assert.Empty(await FindingsAsync(own.Database));

        await own.SubscribeAsync();

        Assert.Equal(["ok    shared signals: 1 stream"], await FindingsAsync(own.Database));
    }

    [Fact]
    public async Task Streams_that_are_paused_or_hand_nothing_over_are_told()
    {
        await using var own = await host.StartAnotherAsync(PushesAnywhere);
        await using var receiver = await Receiver.StartAsync();
        var (paused, failing) = (await own.SubscribeAsync(), await own.SubscribeAsync(receiver));
        await own.SetStatusAsync(paused, "paused");
        await own.Database.ExecuteAsync("UPDATE signal_streams SET failing_since = 0 WHERE endpoint_url IS NOT NULL");

        Assert.Equal(
            new[]
            {
                $"note  shared signals: stream {paused.StreamId} of {paused.ServiceId} is paused",
                $"note  shared signals: stream {failing.StreamId} of {failing.ServiceId} has handed nothing over since 1970-01-01 00:00:00Z: the log says why",
            }.Order(StringComparer.Ordinal),
            (await FindingsAsync(own.Database)).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Entries_that_nobody_reads_are_told()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(host.Database.Store);
        await using (var own = await AuthHost.StartOnAsync(database))
            await own.SubscribeAsync();
        await database.ExecuteAsync("INSERT INTO audit_events (at, event, outcome, actor_kind) VALUES (0, 'app_tokens_expired', 0, 1)");
        await database.ExecuteAsync("UPDATE audit_events SET at = 0"); // the instance may have written audit entries of its own

        Assert.StartsWith(
            "WRONG shared signals: the audit log was read up to 1970-01-01", Assert.Single(await FindingsAsync(database)), StringComparison.Ordinal);
    }

    private static async Task<string[]> FindingsAsync(TestDatabase database)
    {
        using var folder = new ServiceFolder();
        var found = await folder.RunAsync(ServiceFolder.ForProduction().With(database.Settings), ["doctor"]);
        return [.. found.Output.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Contains(" shared signals: ", StringComparison.Ordinal))];
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : DoctorSignalTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : DoctorSignalTests(store.Host);
}

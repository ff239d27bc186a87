using AuthService.ApiTests.CommandLine;
using AuthService.ApiTests.Hosting;
using AuthService.ApiTests.Revocations;
using Xunit;

namespace AuthService.ApiTests.Storage.Restore;

/// <summary>
/// A database is backed up and restored by the commands of src/AuthService/OPERATIONS.md#backup. What was revoked or used up after the backup is good
/// again, until <c>session revoke --restored-at</c> has run.
/// </summary>
public sealed class RestoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("authservice-restore-");

    private string Backup => _folder.CreateSubdirectory("backup").FullName;

    private string Original => Path.Combine(_folder.FullName, "auth.db");

    private string Restored => Path.Combine(_folder.FullName, "restored.db");

    private Recipe OnSqlite => new("A copy of SQLite's file", ("DATABASE", Original), ("RESTORED", Restored), ("BACKUP", Backup));

    [PostgresProgramsFact]
    public async Task A_dump_in_another_server()
    {
        using var server = await PostgresInstance.PrepareAsync();
        using var other = await PostgresInstance.PrepareAsync();
        using var backup = await LocalServer.PrepareAsync("backup");
        await Task.WhenAll(server.StartAsync(), other.StartAsync());
        var recipe = new Recipe("A dump of PostgreSQL", ("DATABASE", server.Address), ("RESTORED", other.Address), ("BACKUP", backup.Folder));
        await using var host = await AuthHost.StartOnAsync(TestDatabase.On(server));

        var state = await BackedUpState.PrepareAsync(host);
        await recipe.RunAsPostgresAsync(1);
        var cursor = await StopAsync(host, state);
        await recipe.RunAsPostgresAsync(2);

        await ExpectClosedByTheCommandAsync(host, TestDatabase.On(other), state, cursor);
    }

    [PostgresProgramsFact]
    public async Task A_base_backup_and_the_archived_log_up_to_a_moment()
    {
        using var server = await PostgresInstance.PrepareAsync();
        using var other = await PostgresInstance.PrepareEmptyAsync();
        using var backup = await LocalServer.PrepareAsync("backup");
        using var archive = await LocalServer.PrepareAsync("archive");
        await server.StartAsync();
        (string, string)[] variables =
            [("DATABASE", server.Address), ("PGDATA", other.DataFolder), ("BACKUP", backup.Folder), ("ARCHIVE", archive.Folder)];
        var recipe = new Recipe("PostgreSQL's archived log", variables);
        await recipe.RunAsPostgresAsync(1);
        await server.StopAsync();
        await server.StartAgainAsync();
        await using var host = await AuthHost.StartOnAsync(TestDatabase.On(server));

        await recipe.RunAsPostgresAsync(2);
        var state = await BackedUpState.PrepareAsync(host);
        var target = await server.ExecuteAsync("SELECT clock_timestamp()::text");
        var cursor = await StopAsync(host, state);
        await server.StopAsync();
        await new Recipe("PostgreSQL's archived log", [.. variables, ("TARGET", $"{target}")]).RunAsPostgresAsync(3);
        await other.StartAsync();
        while (await other.ExecuteAsync("SELECT pg_is_in_recovery()") is true)
            await Task.Delay(50);

        await ExpectClosedByTheCommandAsync(host, TestDatabase.On(other), state, cursor);
    }

    [SqliteProgramFact]
    public Task A_copy_of_SQLites_file_that_is_made_while_the_service_runs() => ExpectRestoredAsync(whileItRuns: true, block: 1);

    [Fact]
    public Task A_copy_of_SQLites_file_that_is_made_after_a_stop() => ExpectRestoredAsync(whileItRuns: false, block: 2);

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task ExpectRestoredAsync(bool whileItRuns, int block)
    {
        await using var host = await AuthHost.StartOnAsync(TestDatabase.InFile(Original));
        var state = await BackedUpState.PrepareAsync(host);
        if (!whileItRuns)
            await host.DisposeAsync();
        await OnSqlite.RunAsync(block);
        await using var again = whileItRuns ? null : await host.StartRestoredAsync(TestDatabase.InFile(Original));
        var cursor = await StopAsync(again ?? host, state);
        await OnSqlite.RunAsync(3);

        await ExpectClosedByTheCommandAsync(host, TestDatabase.InFile(Restored), state, cursor);
    }

    /// <summary>Stops the service after everything in the backup was revoked and used up.</summary>
    /// <returns>The cursor of a reader of the feed at the end.</returns>
    private static async Task<string> StopAsync(AuthHost host, BackedUpState state)
    {
        var cursor = await state.UndoAsync(host);
        await host.DisposeAsync();
        return cursor;
    }

    private static async Task ExpectClosedByTheCommandAsync(AuthHost host, TestDatabase database, BackedUpState state, string cursor)
    {
        var restoredAt = DateTimeOffset.UtcNow;
        await using var restored = await host.StartRestoredAsync(database);
        await state.ExpectBackAsync(restored);
        var admin = await restored.AdminTokenAsync();
        var since = (await restored.ReadFeedAsync(admin, cursor: null, wait: 0)).Text("cursor");

        var result = (await restored.RunAsync(["session", "revoke", "--restored-at", $"{restoredAt:O}"])).Expect(0);

        Assert.Contains("; 9 recovery codes are void; ", result.Output, StringComparison.Ordinal);
        Assert.Contains("People with an authenticator app make new recovery codes at /account", result.Output, StringComparison.Ordinal);
        await state.ExpectClosedAsync(restored);
        foreach (var before in new[] { cursor, since })
            Assert.True((await restored.ReadFeedAsync(admin, before, wait: 30)).GetProperty("restarted").GetBoolean());
    }
}

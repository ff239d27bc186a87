using System.Diagnostics;
using AuthService.ApiTests.Hosting;
using Xunit;

namespace AuthService.ApiTests.CommandLine;

/// <summary>After an interrupted import, the same import can simply be run again.</summary>
public abstract class InterruptedImportTests(AuthHost host)
{
    private const int People = 24_000;
    private const int Batch = 1_000;
    private const string Imported = "principals WHERE folded_id LIKE 'imported-%'";

    [Theory]
    [InlineData("KILL", 137)]
    [InlineData("TERM", 143)]
    public async Task Run_again_everybody_is_there_once(string signal, int exitCode)
    {
        await using var own = await host.StartAnotherAsync();
        using var file = new ImportFile().AddMany(People);

        var halfWay = await InterruptAsync(own, file, signal, exitCode);
        var again = (await own.RunProcessAsync(file.Command)).Expect(0);

        Assert.InRange(halfWay, Batch, People - 1);
        Assert.StartsWith($"{People - halfWay} added, {halfWay} already there, 0 bad lines", again.Line, StringComparison.Ordinal);
        Assert.Equal(People, await own.Database.CountAsync(Imported));
        Assert.Equal(People / Batch, await own.Database.CountAsync("audit_events WHERE event = 'principals_imported'"));
        await own.LoginAsync("imported-0", ImportFile.HashedPassword);
        await own.LoginAsync($"imported-{People - 1}", ImportFile.HashedPassword);
    }

    /// <summary>Two operators may start the import, or one operator starts it twice.</summary>
    [Fact]
    public async Task Two_at_once_add_everybody_once()
    {
        await using var own = await host.StartAnotherAsync();
        using var file = new ImportFile().AddMany(3 * Batch);

        await Task.WhenAll(own.RunProcessAsync(file.Command), own.RunProcessAsync(file.Command));

        Assert.StartsWith("0 added", (await file.ImportAsync(own)).Line, StringComparison.Ordinal);
        Assert.Equal(3 * Batch, await own.Database.CountAsync(Imported));
    }

    /// <returns>The number of people in the store after the interruption, which is a number of whole batches.</returns>
    private static async Task<long> InterruptAsync(AuthHost own, ImportFile file, string signal, int exitCode)
    {
        using var folder = new ServiceFolder();
        using var import = folder.StartCommand(CommandRuns.OnStoreOf(own), file.Command);
        var kill = new ProcessStartInfo("bash", ["-c", $"read && kill -{signal} {import.Id}"]) { RedirectStandardInput = true, UseShellExecute = false };
        using var killer = Process.Start(kill)!;
        var errors = import.StandardError.ReadToEndAsync();
        while (await own.Database.CountAsync(Imported) == 0 && !import.HasExited)
            await Task.Delay(20);
        await killer.StandardInput.WriteLineAsync(); // bash is already running and only waits for this line; a process that starts now may be too late
        await killer.WaitForExitAsync();
        await import.WaitForExitAsync();

        Assert.Equal(exitCode, import.ExitCode);
        Assert.DoesNotContain("   at ", await errors, StringComparison.Ordinal);
        var added = await own.Database.CountAsync(Imported);
        Assert.Equal(0, added % Batch);
        return added;
    }

    [Collection("sqlite 2")]
    public sealed class OnSqlite(SqliteStore store) : InterruptedImportTests(store.Host);

    [Collection("postgres 2")]
    public sealed class OnPostgres(PostgresStore store) : InterruptedImportTests(store.Host);
}

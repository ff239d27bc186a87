using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using AuthService.Configuration;
using AuthService.Storage;

namespace AuthService.Hosting.CommandLine;

/// <summary>Examines the database: whether it answers, its version, its schema and its clock.</summary>
internal static class StoreExamination
{
    private const string Database = "database";
    private const string Clock = "clock";
    private const int OldestPostgres = 15;
    private static readonly TimeSpan TolerableDifference = TimeSpan.FromSeconds(2);

    public static async IAsyncEnumerable<Finding> ExamineAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var store = services.GetRequiredService<Store>();
        var (connected, fault) = await TryConnectAsync(store);
        if (!connected)
        {
            yield return Finding.Wrong(Database, $"does not answer: {fault}");
            yield break;
        }

        yield return store.IsPostgres ? await ExamineVersionAsync(store) : Finding.Fine(Database, $"SQLite file {store.DataSource}");
        foreach (var finding in store.IsPostgres ? [] : ExamineFiles(store.DataSource))
            yield return finding;
        foreach (var finding in await ServerExamination.ExamineAsync(services.GetRequiredService<PostgresPool>(), store, cancellation))
            yield return finding;
        var schema = await ExamineSchemaAsync(services.GetRequiredService<SchemaMigrator>(), cancellation);
        yield return schema;
        if (store.IsPostgres)
            yield return await ExamineClockAsync(store, services.GetRequiredService<TimeProvider>());
        if (schema.Kind is not FindingKind.Fine)
            yield break;
        yield return await AuditExamination.ExamineAsync(services);
        foreach (var finding in await EncryptionKeyExamination.ExamineAsync(services))
            yield return finding;
        foreach (var finding in await SignalExamination.ExamineAsync(services))
            yield return finding;
        foreach (var finding in await WebhookExamination.ExamineAsync(services))
            yield return finding;
    }

    private static async Task<(bool Connected, string Fault)> TryConnectAsync(Store store)
    {
        try
        {
            await store.ReadAsync<int>($"SELECT 1 AS \"Value\"");
            return (true, "");
        }
        catch (Exception error) when (error is DbException or TimeoutException or InvalidOperationException)
        {
            return (false, (error as DbException ?? error.InnerException ?? error).Message);
        }
    }

    /// <summary>Examines the files of SQLite. They hold password hashes and addresses, which no other user of the machine may read.</summary>
    private static IEnumerable<Finding> ExamineFiles(string path)
    {
        foreach (var file in (string[])[path, $"{path}-wal", $"{path}-shm"])
        {
            if (PrivateFile.FindOpenMode(file) is { } mode)
                yield return Finding.Wrong(Database, $"{file} is {mode}, so others can use it: chmod 0600 {file}");
        }

        var folder = Path.GetDirectoryName(path)!;
        if (PrivateFile.FindOpenMode(folder) is { } folderMode)
        {
            yield return Finding.Wrong(
                Database, $"{folder} is {folderMode}, so others can look into it: chmod 0700 {folder}, or a folder of its own in {StorageOptions.PathKey}");
        }
    }

    private static async Task<Finding> ExamineSchemaAsync(SchemaMigrator migrator, CancellationToken cancellation)
    {
        try
        {
            return await migrator.IsCurrentAsync(cancellation)
                ? Finding.Fine("schema", "current")
                : Finding.Wrong("schema", "not current: run the command \"migrate\", or start the service");
        }
        catch (StoreUnusableException error)
        {
            return Finding.Wrong(Database, error.Message);
        }
    }

    private static async Task<Finding> ExamineVersionAsync(Store store)
    {
        var version = (await store.ReadAsync<string>($"SELECT current_setting('server_version_num') AS \"Value\""))[0];
        var major = int.Parse(version, CultureInfo.InvariantCulture) / 10_000;
        return major >= OldestPostgres
            ? Finding.Fine(Database, $"PostgreSQL {major}")
            : Finding.Wrong(Database, $"PostgreSQL {major} is too old: {OldestPostgres} or newer is needed");
    }

    /// <summary>Compares the clocks. Each instance decides expiry by the clock of its own machine.</summary>
    private static async Task<Finding> ExamineClockAsync(Store store, TimeProvider clock)
    {
        var before = clock.GetUtcNow();
        var theirs = (await store.ReadAsync<DateTime>($"SELECT clock_timestamp() AS \"Value\""))[0];
        var after = clock.GetUtcNow();
        var difference = (new DateTimeOffset(theirs, TimeSpan.Zero) - (before + ((after - before) / 2))).Duration();
        return difference <= TolerableDifference
            ? Finding.Fine(Clock, $"{difference.TotalMilliseconds:0} ms from the database's")
            : Finding.Wrong(Clock, $"{difference.TotalSeconds:0.0} s from the database's: tokens end too early or too late; let a time service set both");
    }
}

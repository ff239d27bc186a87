using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AuthService.Hosting.CommandLine;

/// <summary>The database: whether it answers, its version, its schema and its clock.</summary>
internal static class StoreExamination
{
    private const string Database = "database";
    private const string Clock = "clock";
    private const int OldestPostgres = 15;
    private static readonly TimeSpan TolerableDifference = TimeSpan.FromSeconds(2);

    public static async IAsyncEnumerable<Finding> ExamineAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var db = services.GetRequiredService<AuthDbContext>().Database;
        var (connected, fault) = await TryConnectAsync(db, cancellation);
        if (!connected)
        {
            yield return Finding.Wrong(Database, $"does not answer: {fault}");
            yield break;
        }

        yield return db.IsNpgsql() ? await ExamineVersionAsync(db, cancellation) : Finding.Fine(Database, $"SQLite file {db.GetDbConnection().DataSource}");
        yield return await services.GetRequiredService<SchemaMigrator>().IsCurrentAsync(cancellation)
            ? Finding.Fine("schema", "current")
            : Finding.Wrong("schema", "not current: run the command \"migrate\", or start the service");
        if (db.IsNpgsql())
            yield return await ExamineClockAsync(db, services.GetRequiredService<TimeProvider>(), cancellation);
    }

    private static async Task<(bool Connected, string Fault)> TryConnectAsync(DatabaseFacade db, CancellationToken cancellation)
    {
        try
        {
            await db.OpenConnectionAsync(cancellation);
            return (true, "");
        }
        catch (Exception error) when (error is DbException or TimeoutException or InvalidOperationException)
        {
            return (false, (error as DbException ?? error.InnerException ?? error).Message);
        }
    }

    private static async Task<Finding> ExamineVersionAsync(DatabaseFacade db, CancellationToken cancellation)
    {
        var version = (await db.SqlQueryRaw<string>("SELECT current_setting('server_version_num') AS \"Value\"").ToListAsync(cancellation))[0];
        var major = int.Parse(version, CultureInfo.InvariantCulture) / 10_000;
        return major >= OldestPostgres
            ? Finding.Fine(Database, $"PostgreSQL {major}")
            : Finding.Wrong(Database, $"PostgreSQL {major} is too old: {OldestPostgres} or newer is needed");
    }

    /// <summary>Expiry goes by this machine's clock, and so does every other instance by its own.</summary>
    private static async Task<Finding> ExamineClockAsync(
        DatabaseFacade db, TimeProvider clock, CancellationToken cancellation)
    {
        var before = clock.GetUtcNow();
        var theirs = (await db.SqlQueryRaw<DateTime>("SELECT clock_timestamp() AS \"Value\"").ToListAsync(cancellation))[0];
        var after = clock.GetUtcNow();
        var difference = (new DateTimeOffset(theirs, TimeSpan.Zero) - (before + ((after - before) / 2))).Duration();
        return difference <= TolerableDifference
            ? Finding.Fine(Clock, $"{difference.TotalMilliseconds:0} ms from the database's")
            : Finding.Wrong(Clock, $"{difference.TotalSeconds:0.0} s from the database's: tokens end too early or too late; let a time service set both");
    }
}

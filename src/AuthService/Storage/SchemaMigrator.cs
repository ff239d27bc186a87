using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace AuthService.Storage;

/// <summary>Brings the schema up to date, one instance at a time however many start at once.</summary>
internal sealed class SchemaMigrator(IServiceScopeFactory scopes)
{
    /// <summary>Any number, as long as every instance takes the same and nothing else does.</summary>
    private const long AdvisoryLock = 0x41757468_53657276;

    /// <summary>How Windows (ERROR_SHARING_VIOLATION), Linux and macOS (EWOULDBLOCK) say that another process has the file.</summary>
    private static readonly int[] HeldByAnother = [unchecked((int)0x80070020), 11, 35];

    public async Task MigrateAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AuthDbContext>().Database;
        database.SetCommandTimeout(0); // an index of a large table takes its time
        if (database.IsNpgsql())
            await MigratePostgresAsync(database, cancellation);
        else
            await MigrateSqliteAsync(database, cancellation);
    }

    public async Task<bool> IsCurrentAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AuthDbContext>().Database;
        return !(await database.GetPendingMigrationsAsync(cancellation)).Any();
    }

    /// <summary>
    /// The lock is that of a transaction, on a connection of its own: it is let go even when the instance dies, and PgBouncer,
    /// which in transaction mode deals out server connections by transaction, cannot lose it.
    /// </summary>
    private async Task MigratePostgresAsync(DatabaseFacade database, CancellationToken cancellation)
    {
        if (!(await database.GetPendingMigrationsAsync(cancellation)).Any())
            return; // as at most starts
        await using var scope = scopes.CreateAsyncScope();
        var holder = scope.ServiceProvider.GetRequiredService<AuthDbContext>().Database;
        holder.SetCommandTimeout(0); // as long as another instance needs
        await using var transaction = await holder.BeginTransactionAsync(cancellation);
        await holder.ExecuteSqlAsync($"SELECT set_config('idle_in_transaction_session_timeout', '0', TRUE), pg_advisory_xact_lock({AdvisoryLock})", cancellation);
        await database.MigrateAsync(cancellation);
    }

    /// <summary>
    /// EF Core's own lock in SQLite is a row, which outlives an instance that is killed while it migrates and then
    /// blocks every later start. The operating system's lock on a file does not; whoever holds it may clear that row.
    /// </summary>
    private static async Task MigrateSqliteAsync(DatabaseFacade database, CancellationToken cancellation)
    {
        var path = database.GetDbConnection().DataSource;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var fileLock = await TakeFileLockAsync(path + ".migrating", cancellation);
        await database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'", cancellation);
        await database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
        await database.MigrateAsync(cancellation);
    }

    /// <exception cref="IOException">The file cannot be made or opened.</exception>
    private static async Task<FileStream> TakeFileLockAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (HeldByAnother.Contains(error.HResult))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
            }
        }
    }
}

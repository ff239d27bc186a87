#pragma warning disable RS0030 // migrates without Store, because none of these statements may be repeated

using AuthService.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace AuthService.Storage;

/// <summary>Brings the schema up to date. Only one instance migrates at a time, however many start at once.</summary>
internal sealed class SchemaMigrator(DatabaseContexts contexts)
{
    /// <summary>An arbitrary number that all instances share and nothing else uses.</summary>
    private const long AdvisoryLock = 0x41757468_53657276;

    /// <summary>
    /// The error codes that say that another process has the file open: of Windows (ERROR_SHARING_VIOLATION), Linux and macOS (EWOULDBLOCK).
    /// </summary>
    private static readonly int[] HeldByAnother = [unchecked((int)0x80070020), 11, 35];

    private volatile bool _isUsable;

    public async Task MigrateAsync(CancellationToken cancellation)
    {
        await using var db = contexts.Create();
        var database = db.Database;
        database.SetCommandTimeout(0); // creating an index of a large table takes long
        await RequireUsableAsync(database, cancellation);
        if (database.IsNpgsql())
            await MigratePostgresAsync(database, cancellation);
        else
            await MigrateSqliteAsync(database, cancellation);
    }

    public async Task<bool> IsCurrentAsync(CancellationToken cancellation)
    {
        await using var db = contexts.Create();
        var database = db.Database;
        await RequireUsableAsync(database, cancellation);
        return !(await database.GetPendingMigrationsAsync(cancellation)).Any();
    }

    /// <summary>
    /// Requires the encoding UTF8. Other encodings lose characters of names, or reject them in the middle of a call. A database cannot change its
    /// encoding.
    /// </summary>
    /// <exception cref="StoreUnusableException">The database has another encoding and must be created again.</exception>
    private async Task RequireUsableAsync(DatabaseFacade database, CancellationToken cancellation)
    {
        if (_isUsable || !database.IsNpgsql())
            return;
        var encoding = await FindEncodingAsync(database, cancellation);
        if (encoding is not "UTF8")
        {
            throw new StoreUnusableException(
                $"The database has the encoding {encoding}, and UTF8 is needed: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0");
        }

        _isUsable = true;
    }

    /// <summary>Finds the encoding with ADO.NET. The first query of EF Core would take a tenth of the start time.</summary>
    private static async Task<string> FindEncodingAsync(DatabaseFacade database, CancellationToken cancellation)
    {
        await database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = database.GetDbConnection().CreateCommand();
            command.CommandText = "SHOW server_encoding";
            return (string)(await command.ExecuteScalarAsync(cancellation))!;
        }
        finally
        {
            await database.CloseConnectionAsync();
        }
    }

    /// <summary>Allows a role to read and write the rows of every table, but not to change the schema.</summary>
    /// <param name="role">The role that the service uses.</param>
    /// <param name="record">The table in which the role may only read and add rows.</param>
    /// <param name="cancellation">Stops the statement.</param>
    /// <returns>False in SQLite, which has no roles.</returns>
    public async Task<bool> TryGrantAsync(string role, string record, CancellationToken cancellation)
    {
        await using var db = contexts.Create();
        var database = db.Database;
        if (!database.IsNpgsql())
            return false;
        using var names = new NpgsqlCommandBuilder();
        var schema = names.QuoteIdentifier((await database.SqlQuery<string>($"SELECT current_schema() AS \"Value\"").ToListAsync(cancellation))[0]);
        var grantee = names.QuoteIdentifier(role);
        await database.ExecuteSqlRawAsync(
            $"""
            GRANT USAGE ON SCHEMA {schema} TO {grantee};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {grantee};
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {grantee};
            REVOKE UPDATE, DELETE ON {record} FROM {grantee};
            REVOKE INSERT, UPDATE, DELETE ON "__EFMigrationsHistory" FROM {grantee};
            """.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal),
            cancellation);
        return true;
    }

    /// <summary>Runs an empty query to check that the database answers.</summary>
    public async Task SelectOneAsync(CancellationToken cancellation)
    {
        await using var db = contexts.Create();
        await db.Database.ExecuteSqlRawAsync("SELECT 1", cancellation);
    }

    /// <summary>
    /// Migrates under an advisory lock. The lock belongs to a transaction on a separate connection, so it is released even if the instance dies, and half a
    /// minute after its machine has vanished.
    /// PgBouncer in transaction mode, which assigns server connections by transaction, cannot lose it either.
    /// </summary>
    private async Task MigratePostgresAsync(DatabaseFacade database, CancellationToken cancellation)
    {
        if (!(await database.GetPendingMigrationsAsync(cancellation)).Any())
            return; // the usual case
        await using var second = contexts.Create();
        var holder = second.Database;
        holder.SetCommandTimeout(0); // waits as long as another instance migrates
        await using var transaction = await holder.BeginTransactionAsync(cancellation);
        await holder.ExecuteSqlAsync(
            $"""
            SELECT set_config('idle_in_transaction_session_timeout', '0', TRUE), set_config('tcp_keepalives_idle', '10', TRUE),
                set_config('tcp_keepalives_interval', '5', TRUE), set_config('tcp_keepalives_count', '3', TRUE), pg_advisory_xact_lock({AdvisoryLock})
            """, cancellation);
        await database.MigrateAsync(cancellation);
    }

    /// <summary>
    /// Migrates under a file lock. EF Core's own lock in SQLite is a row: if an instance is killed while it migrates, the row remains and blocks
    /// every later start. The operating system releases the lock on a file. The instance that holds it may delete that row.
    /// </summary>
    private static async Task MigrateSqliteAsync(DatabaseFacade database, CancellationToken cancellation)
    {
        var path = database.GetDbConnection().DataSource;
        PrivateFile.CreateFolderOf(path);
        await using var fileLock = await TakeFileLockAsync(path + ".migrating", cancellation);
        if (!File.Exists(path))
            await PrivateFile.Open(path, FileMode.CreateNew).DisposeAsync(); // SQLite gives its log file the same mode
        await database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'", cancellation);
        await database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellation);
        await database.MigrateAsync(cancellation);
    }

    /// <exception cref="IOException">The file cannot be created or opened.</exception>
    private static async Task<FileStream> TakeFileLockAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return PrivateFile.Open(path, FileMode.OpenOrCreate);
            }
            catch (IOException error) when (HeldByAnother.Contains(error.HResult))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
            }
        }
    }
}

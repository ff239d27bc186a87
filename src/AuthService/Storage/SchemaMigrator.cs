#pragma warning disable RS0030 // migrates outside the store: nothing of it may be repeated

using AuthService.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace AuthService.Storage;

/// <summary>Brings the schema up to date, one instance at a time however many start at once.</summary>
internal sealed class SchemaMigrator(IServiceScopeFactory scopes)
{
    /// <summary>Any number, as long as every instance takes the same and nothing else does.</summary>
    private const long AdvisoryLock = 0x41757468_53657276;

    /// <summary>How Windows (ERROR_SHARING_VIOLATION), Linux and macOS (EWOULDBLOCK) say that another process has the file.</summary>
    private static readonly int[] HeldByAnother = [unchecked((int)0x80070020), 11, 35];

    private volatile bool _isUsable;

    public async Task MigrateAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AuthDbContext>().Database;
        database.SetCommandTimeout(0); // an index of a large table takes its time
        await RequireUsableAsync(database, cancellation);
        if (database.IsNpgsql())
            await MigratePostgresAsync(database, cancellation);
        else
            await MigrateSqliteAsync(database, cancellation);
    }

    public async Task<bool> IsCurrentAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AuthDbContext>().Database;
        await RequireUsableAsync(database, cancellation);
        return !(await database.GetPendingMigrationsAsync(cancellation)).Any();
    }

    /// <summary>Other encodings lose characters of names, or refuse them in the middle of a call. A database keeps its encoding.</summary>
    /// <exception cref="StoreUnusableException">The database is to be made anew.</exception>
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

    /// <summary>By ADO.NET: to make the first query of EF Core takes a tenth of a start.</summary>
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

    /// <summary>Lets a role work with the rows of every table, and change nothing about the schema.</summary>
    /// <param name="role">The role that the service uses.</param>
    /// <param name="record">The table whose rows it only reads and adds.</param>
    /// <param name="cancellation">Stops the statement.</param>
    /// <returns>False when the database has no roles.</returns>
    public async Task<bool> TryGrantAsync(string role, string record, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AuthDbContext>().Database;
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

    /// <summary>Does nothing but to show that the database answers.</summary>
    public async Task SelectOneAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuthDbContext>().Database.ExecuteSqlRawAsync("SELECT 1", cancellation);
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
        await holder.ExecuteSqlAsync(
            $"SELECT set_config('idle_in_transaction_session_timeout', '0', TRUE), pg_advisory_xact_lock({AdvisoryLock})", cancellation);
        await database.MigrateAsync(cancellation);
    }

    /// <summary>
    /// EF Core's own lock in SQLite is a row, which outlives an instance that is killed while it migrates and then
    /// blocks every later start. The operating system's lock on a file does not; whoever holds it may clear that row.
    /// </summary>
    private static async Task MigrateSqliteAsync(DatabaseFacade database, CancellationToken cancellation)
    {
        var path = database.GetDbConnection().DataSource;
        PrivateFile.CreateFolderOf(path);
        await using var fileLock = await TakeFileLockAsync(path + ".migrating", cancellation);
        if (!File.Exists(path))
            await PrivateFile.Open(path, FileMode.CreateNew).DisposeAsync(); // SQLite gives its log the mode of the file
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
                return PrivateFile.Open(path, FileMode.OpenOrCreate);
            }
            catch (IOException error) when (HeldByAnother.Contains(error.HResult))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
            }
        }
    }
}

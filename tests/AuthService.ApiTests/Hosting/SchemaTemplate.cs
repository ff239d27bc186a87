using AuthService.Configuration;
using AuthService.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// The schema as the service's migrations create it, created once in a run for each store. Most tests start with a copy, which takes a fraction of
/// the time. First starts and migrations have separate tests.
/// </summary>
internal static class SchemaTemplate
{
    private static readonly Lazy<Task<string>> TemplateFile = new(MakeFileAsync);
    private static readonly Lazy<Task<string>> TemplateDatabase = new(MakeDatabaseAsync);
    private static Task<string>? _next;

    public static async Task CopyAsync(string path) => File.Copy(await TemplateFile.Value, path);

    /// <summary>
    /// Copies the schema to a new database and gets its connection string. Each copy is made while the test before it runs, because PostgreSQL takes longer for
    /// it than an instance for its start.
    /// </summary>
    public static Task<string> CopyAsync() => Interlocked.Exchange(ref _next, MakeCopyAsync()) ?? MakeCopyAsync();

    private static async Task<string> MakeFileAsync()
    {
        var folder = Directory.CreateTempSubdirectory("authservice-template-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var path = Path.Combine(folder, "auth.db");
        await PrivateFile.Open(path, FileMode.CreateNew).DisposeAsync();
        var connection = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString;
        await using var context = new AuthDbContext(new DbContextOptionsBuilder<AuthDbContext>().UseSqlite(connection).Options);
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = 'wal'");
        await context.Database.MigrateAsync();
        return path;
    }

    private static async Task<string> MakeCopyAsync()
    {
        var copy = await PostgresServer.CreateDatabaseAsync($"TEMPLATE {await TemplateDatabase.Value}");
        PostgresServer.DropAtTheEnd(copy);
        return copy;
    }

    /// <returns>The name of the database.</returns>
    private static async Task<string> MakeDatabaseAsync()
    {
        var database = new NpgsqlConnectionStringBuilder(await PostgresServer.CreateDatabaseAsync()) { Pooling = false };
        await using var context = new AuthDbContext(new DbContextOptionsBuilder<AuthDbContext>().UseNpgsql(database.ConnectionString).Options);
        await context.Database.MigrateAsync();
        PostgresServer.DropAtTheEnd(database.ConnectionString);
        return database.Database!;
    }
}

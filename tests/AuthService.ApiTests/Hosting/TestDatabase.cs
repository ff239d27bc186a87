using Microsoft.Data.Sqlite;

namespace AuthService.ApiTests.Hosting;

public enum Store
{
    Sqlite,
    Postgres,

    /// <summary>PostgreSQL behind PgBouncer in transaction mode.</summary>
    PgBouncer,
}

/// <summary>An empty database of one run or one test, gone when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(Store store, string connectionString, Settings settings)
    {
        Store = store;
        ConnectionString = connectionString;
        Settings = settings;
    }

    public Store Store { get; }

    public bool IsPostgres => Store is not Store.Sqlite;

    /// <summary>For a look behind the service's back; it leads to PostgreSQL itself.</summary>
    public string ConnectionString { get; }

    /// <summary>What points the service at this database.</summary>
    public Settings Settings { get; }

    public static async Task<TestDatabase> CreateAsync(Store store)
    {
        if (store is Store.Sqlite)
        {
            var path = Path.Combine(Directory.CreateTempSubdirectory("authservice-sqlite-").FullName, "auth.db");
            var file = new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;
            return new TestDatabase(store, file, new() { ["ConnectionStrings:Postgres"] = "", ["Sqlite:Path"] = path });
        }

        var database = await PostgresServer.CreateDatabaseAsync();
        var address = store is Store.PgBouncer ? await PgBouncer.AddressAsync(database) : database;
        return new TestDatabase(store, database, new() { ["ConnectionStrings:Postgres"] = address });
    }

    public async ValueTask DisposeAsync()
    {
        if (IsPostgres)
            await PostgresServer.DropDatabaseAsync(ConnectionString);
        else
            Directory.Delete(Path.GetDirectoryName(new SqliteConnectionStringBuilder(ConnectionString).DataSource)!, recursive: true);
    }
}

using Microsoft.Data.Sqlite;

namespace AuthService.ApiTests.Hosting;

public enum Store
{
    Sqlite,
    Postgres,
}

/// <summary>An empty database of one run or one test, gone when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(Store store, string connectionString)
    {
        Store = store;
        ConnectionString = connectionString;
    }

    public Store Store { get; }

    public string ConnectionString { get; }

    /// <summary>What points the service at this database.</summary>
    public Settings Settings => Store switch
    {
        Store.Postgres => new() { ["ConnectionStrings:Postgres"] = ConnectionString },
        _ => new() { ["ConnectionStrings:Postgres"] = "", ["Sqlite:Path"] = SqlitePath },
    };

    private string SqlitePath => new SqliteConnectionStringBuilder(ConnectionString).DataSource;

    public static async Task<TestDatabase> CreateAsync(Store store)
    {
        if (store is Store.Postgres)
            return new TestDatabase(store, await PostgresServer.CreateDatabaseAsync());

        var folder = Directory.CreateTempSubdirectory("authservice-sqlite-").FullName;
        return new TestDatabase(store, new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "auth.db") }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (Store is Store.Postgres)
            await PostgresServer.DropDatabaseAsync(ConnectionString);
        else
            Directory.Delete(Path.GetDirectoryName(SqlitePath)!, recursive: true);
    }
}

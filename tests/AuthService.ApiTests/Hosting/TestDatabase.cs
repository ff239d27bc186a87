using Microsoft.Data.Sqlite;
using Npgsql;

namespace AuthService.ApiTests.Hosting;

public enum Store
{
    Sqlite,
    Postgres,

    /// <summary>PostgreSQL behind PgBouncer in transaction mode.</summary>
    PgBouncer,
}

/// <summary>A database of one run or one test, gone when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>
    /// In seconds. The service itself waits for five, which is too short for a machine that runs everything here at once; tests of that have
    /// servers or ways of their own.
    /// </summary>
    private const int Patience = 60;

    private readonly Func<Task> _drop;

    private TestDatabase(Store store, string connectionString, Settings settings, Func<Task> drop)
    {
        Store = store;
        ConnectionString = connectionString;
        Settings = settings;
        _drop = drop;
    }

    public Store Store { get; }

    public bool IsPostgres => Store is not Store.Sqlite;

    /// <summary>For a look behind the service's back; it leads to PostgreSQL itself.</summary>
    public string ConnectionString { get; }

    /// <summary>What points the service at this database.</summary>
    public Settings Settings { get; }

    /// <summary>Empty, as before a first start.</summary>
    public static async Task<TestDatabase> CreateAsync(Store store) =>
        store is Store.Sqlite ? InFileOfItsOwn() : await OnServerAsync(store, await PostgresServer.CreateDatabaseAsync());

    /// <summary>With the schema and no rows.</summary>
    public static async Task<TestDatabase> CreateMigratedAsync(Store store)
    {
        if (store is not Store.Sqlite)
            return await OnServerAsync(store, await SchemaTemplate.CopyAsync());
        var database = InFileOfItsOwn();
        await SchemaTemplate.CopyAsync(database.Settings["Sqlite:Path"]!);
        return database;
    }

    /// <summary>A SQLite file that goes with its folder, which is the caller's.</summary>
    public static TestDatabase InFile(string path) => InFile(path, () => Task.CompletedTask);

    /// <summary>The database of a server that is the caller's. The look behind the service's back keeps no connection open.</summary>
    public static TestDatabase On(PostgresInstance server)
    {
        var direct = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString;
        return new TestDatabase(Store.Postgres, direct, new() { ["ConnectionStrings:Postgres"] = server.ConnectionString }, () => Task.CompletedTask);
    }

    /// <summary>The database of several servers, of which one is the primary; they are the caller's.</summary>
    public static TestDatabase OnPrimaryOf(string servers)
    {
        var direct = new NpgsqlConnectionStringBuilder(servers) { Pooling = false, TargetSessionAttributes = "primary" }.ConnectionString;
        return new TestDatabase(Store.Postgres, direct, new() { ["ConnectionStrings:Postgres"] = servers }, () => Task.CompletedTask);
    }

    /// <summary>The same database, which the service reaches at another port of this machine; this one stays its owner.</summary>
    public TestDatabase ReachedAt(int port)
    {
        var way = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Port = port,
            Pooling = true,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        var direct = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString;
        return new TestDatabase(Store, direct, new() { ["ConnectionStrings:Postgres"] = way }, () => Task.CompletedTask);
    }

    public ValueTask DisposeAsync() => new(_drop());

    private static async Task<TestDatabase> OnServerAsync(Store store, string database)
    {
        var way = new NpgsqlConnectionStringBuilder(store is Store.PgBouncer ? await PgBouncer.AddressAsync(database) : database)
        {
            Timeout = Patience,
            CommandTimeout = Patience,
        };
        return new TestDatabase(
            store, database, new() { ["ConnectionStrings:Postgres"] = way.ConnectionString }, () => PostgresServer.DropDatabaseAsync(database));
    }

    private static TestDatabase InFileOfItsOwn()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("authservice-sqlite-").FullName, "auth.db");
        return InFile(path, () => Task.Run(() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true)));
    }

    private static TestDatabase InFile(string path, Func<Task> drop) => new(
        Store.Sqlite,
        new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString,
        new() { ["ConnectionStrings:Postgres"] = null, ["Sqlite:Path"] = path },
        drop);
}

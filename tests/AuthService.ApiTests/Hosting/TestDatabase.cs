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

/// <summary>A database of one run or one test. It is deleted when it is disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    /// <summary>
    /// The timeout of the service's connections, in seconds. Its own default of five is too short for a machine that runs all tests at once. Tests of
    /// that timeout use separate servers or connection strings.
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

    /// <summary>The connection string for direct access by tests. It leads to PostgreSQL itself.</summary>
    public string ConnectionString { get; }

    /// <summary>The settings that make the service use this database.</summary>
    public Settings Settings { get; }

    /// <summary>Creates an empty database, as before a first start.</summary>
    public static async Task<TestDatabase> CreateAsync(Store store) =>
        store is Store.Sqlite ? InFileOfItsOwn() : await OnServerAsync(store, await PostgresServer.CreateDatabaseAsync());

    /// <summary>Creates a database with the schema and without rows.</summary>
    public static async Task<TestDatabase> CreateMigratedAsync(Store store)
    {
        if (store is not Store.Sqlite)
            return await OnServerAsync(store, await SchemaTemplate.CopyAsync());
        var database = InFileOfItsOwn();
        await SchemaTemplate.CopyAsync(database.Settings["Sqlite:Path"]!);
        return database;
    }

    /// <summary>Uses a SQLite file in a folder that the caller owns and deletes.</summary>
    public static TestDatabase InFile(string path) => InFile(path, () => Task.CompletedTask);

    /// <summary>Uses the database of a server that the caller owns. Direct access keeps no connection open.</summary>
    public static TestDatabase On(PostgresInstance server)
    {
        var direct = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString;
        return new TestDatabase(Store.Postgres, direct, new() { ["ConnectionStrings:Postgres"] = server.ConnectionString }, () => Task.CompletedTask);
    }

    /// <summary>Uses the database of several servers that the caller owns. One of them is the primary.</summary>
    public static TestDatabase OnPrimaryOf(string servers)
    {
        var direct = new NpgsqlConnectionStringBuilder(servers) { Pooling = false, TargetSessionAttributes = "primary" }.ConnectionString;
        return new TestDatabase(Store.Postgres, direct, new() { ["ConnectionStrings:Postgres"] = servers }, () => Task.CompletedTask);
    }

    /// <summary>Gets access to this database at another port of this machine. This object still owns the database.</summary>
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

    private static TestDatabase InFile(string path, Func<Task> drop)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;
        return new TestDatabase(Store.Sqlite, connectionString, new() { ["ConnectionStrings:Postgres"] = null, ["Sqlite:Path"] = path }, () =>
        {
            // A connection that stays in the pool keeps the whole instance that opened it in memory.
            using (var connection = new SqliteConnection(connectionString))
                SqliteConnection.ClearPool(connection);
            return drop();
        });
    }
}

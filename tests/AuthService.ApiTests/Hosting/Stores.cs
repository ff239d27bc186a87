using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// The instance on SQLite that the tests of a collection share, one after the other, because they move its clock. Two
/// collections, each with an instance of its own, run side by side: the second has the suites that mostly start processes.
/// </summary>
public sealed class SqliteStore() : SharedHost(Store.Sqlite);

[CollectionDefinition("sqlite")]
public sealed class FirstOnSqlite : ICollectionFixture<SqliteStore>;

[CollectionDefinition("sqlite 2")]
public sealed class SecondOnSqlite : ICollectionFixture<SqliteStore>;

/// <summary>The instance on PostgreSQL that the tests of a collection share, as they do on SQLite.</summary>
public sealed class PostgresStore() : SharedHost(Store.Postgres);

[CollectionDefinition("postgres")]
public sealed class FirstOnPostgres : ICollectionFixture<PostgresStore>;

[CollectionDefinition("postgres 2")]
public sealed class SecondOnPostgres : ICollectionFixture<PostgresStore>;

/// <summary>The instance that reaches PostgreSQL through PgBouncer in transaction mode: no two of its transactions need have the same connection.</summary>
[CollectionDefinition("pgbouncer")]
public sealed class PgBouncerStore() : SharedHost(Store.PgBouncer), ICollectionFixture<PgBouncerStore>;

/// <summary>Tests that compare times or measure what the machine can do: they run after all others, one by one.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

public abstract class SharedHost(Store store) : IAsyncLifetime
{
    private AuthHost? _host;

    public AuthHost Host => _host!;

    public async Task InitializeAsync() => _host = await AuthHost.StartAsync(store);

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
    }
}

using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>
/// The instance on SQLite that the tests of a collection share. They run one after another, because they move its clock. Two collections, each with a
/// separate instance, run at the same time. The second has the suites that mostly start processes.
/// </summary>
public sealed class SqliteStore() : SharedHost(Store.Sqlite);

[CollectionDefinition("sqlite")]
public sealed class FirstOnSqlite : ICollectionFixture<SqliteStore>;

[CollectionDefinition("sqlite 2")]
public sealed class SecondOnSqlite : ICollectionFixture<SqliteStore>;

/// <summary>The instance on PostgreSQL that the tests of a collection share, as on SQLite.</summary>
public sealed class PostgresStore() : SharedHost(Store.Postgres);

[CollectionDefinition("postgres")]
public sealed class FirstOnPostgres : ICollectionFixture<PostgresStore>;

[CollectionDefinition("postgres 2")]
public sealed class SecondOnPostgres : ICollectionFixture<PostgresStore>;

/// <summary>
/// The instance that reaches PostgreSQL through PgBouncer in transaction mode. Any two of its transactions may have different connections.
/// </summary>
[CollectionDefinition("pgbouncer")]
public sealed class PgBouncerStore() : SharedHost(Store.PgBouncer), ICollectionFixture<PgBouncerStore>;

/// <summary>The collection of tests that compare times or measure the machine. They run after all others, one by one.</summary>
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

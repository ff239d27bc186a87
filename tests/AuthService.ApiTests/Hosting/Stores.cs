using Xunit;

namespace AuthService.ApiTests.Hosting;

/// <summary>The instance on SQLite that all tests of the collection "sqlite" share, one after the other.</summary>
[CollectionDefinition("sqlite")]
public sealed class SqliteStore() : SharedHost(Store.Sqlite), ICollectionFixture<SqliteStore>;

/// <summary>The instance on PostgreSQL that all tests of the collection "postgres" share; the collections run side by side.</summary>
[CollectionDefinition("postgres")]
public sealed class PostgresStore() : SharedHost(Store.Postgres), ICollectionFixture<PostgresStore>;

/// <summary>The instance that reaches PostgreSQL through PgBouncer in transaction mode: no two of its transactions need have the same connection.</summary>
[CollectionDefinition("pgbouncer")]
public sealed class PgBouncerStore() : SharedHost(Store.PgBouncer), ICollectionFixture<PgBouncerStore>;

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

using AuthService.ApiTests.Hosting;
using AuthService.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;

namespace AuthService.ApiTests.Storage;

/// <summary>Gives tests direct access to the service's Store, without a call.</summary>
internal sealed class DirectStore : IAsyncDisposable
{
    private readonly PostgresPool _pool;

    public DirectStore(TestDatabase database, params IEnumerable<IInterceptor> interceptors)
    {
        var storage = new StorageOptions { ConnectionStrings = { Postgres = database.IsPostgres ? database.ConnectionString : null } };
        _pool = new PostgresPool(Options.Create(storage));
        var options = new DbContextOptionsBuilder<AuthDbContext>().AddInterceptors(interceptors);
        _ = database.IsPostgres ? options.UseNpgsql() : options.UseSqlite(database.ConnectionString);
        Contexts = new DatabaseContexts(new PooledDbContextFactory<AuthDbContext>(options.Options), _pool);
        Store = new(Contexts);
    }

    public DatabaseContexts Contexts { get; }

    public AuthService.Storage.Store Store { get; }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _pool.Dispose();
    }
}

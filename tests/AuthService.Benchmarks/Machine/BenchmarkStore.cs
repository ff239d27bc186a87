using AuthService.Benchmarks.Run;

namespace AuthService.Benchmarks.Machine;

/// <summary>The service's store during a run: PostgreSQL, or an SQLite file in a temporary folder.</summary>
internal sealed class BenchmarkStore : IAsyncDisposable
{
    private readonly string? _sqliteFolder;

    private BenchmarkStore(BenchmarkDatabase? database, string? sqliteFolder)
    {
        Database = database;
        _sqliteFolder = sqliteFolder;
    }

    /// <summary>The PostgreSQL database; null on SQLite.</summary>
    public BenchmarkDatabase? Database { get; }

    /// <summary>The service's settings for this store.</summary>
    public IReadOnlyDictionary<string, string> Settings => Database is not null
        ? new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Postgres"] = Database.ConnectionString }
        : new Dictionary<string, string>(StringComparer.Ordinal) { ["Sqlite__Path"] = Path.Combine(_sqliteFolder!, "authservice.db") };

    public static async Task<BenchmarkStore> TakeAsync(Store store, CancellationToken cancellationToken) => store is Store.Postgres
        ? new BenchmarkStore(await BenchmarkDatabase.TakeAsync(settings: [], cancellationToken), sqliteFolder: null)
        : new BenchmarkStore(database: null, Directory.CreateDirectory($"/var/tmp/authservice-benchmark-{Guid.NewGuid():N}").FullName);

    /// <summary>Waits until the store has finished the work of being filled, so that it does not disturb a measurement.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => Database?.SettleAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Database is not null)
            await Database.DisposeAsync();
        if (_sqliteFolder is not null)
            Directory.Delete(_sqliteFolder, recursive: true);
    }
}

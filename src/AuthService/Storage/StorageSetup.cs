using AuthService.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace AuthService.Storage;

internal static class StorageSetup
{
    /// <summary>How long a statement waits while another process writes. Its thread does nothing else meanwhile. Long work sets its own.</summary>
    private const int LongestWaitSeconds = 5;

    /// <summary>Adds the store: PostgreSQL when <c>ConnectionStrings:Postgres</c> is set, otherwise one SQLite file (<c>Sqlite:Path</c>).</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSettings<StorageOptions, StorageOptionsValidator>(configuration);
        services.AddSingleton<PostgresPool>();
        services.AddPooledDbContextFactory<AuthDbContext>((provider, options) =>
        {
            var storage = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
            Quieten(storage.IsPostgres
                ? UsePostgres(options)
                : UseSqlite(options, Path.GetFullPath(storage.Sqlite.Path, environment.ContentRootPath)));
        });
        services.AddSingleton<DatabaseContexts>();
        services.AddScoped<Store>();
        services.AddSingleton<BatchConnections>();
        services.AddSingleton<SchemaMigrator>();
        return services;
    }

    /// <summary>
    /// Builds EF Core's model in the background, because it takes a third of the start time and needs nothing of the rest. A failure is ignored here:
    /// it occurs again and is reported where the model or the settings are used.
    /// </summary>
    public static void BuildModelAhead(this IHost host) => _ = Task.Run(() =>
    {
        using var db = host.Services.GetRequiredService<IDbContextFactory<AuthDbContext>>().CreateDbContext();
        return db.Model;
    });

    /// <summary>
    /// Uses PostgreSQL without a connection, which <see cref="DatabaseContexts"/> sets. With a data source here, EF Core would keep a model and its
    /// translated queries for each one. This way all instances in the process of the tests share them.
    /// </summary>
    private static DbContextOptionsBuilder UsePostgres(DbContextOptionsBuilder options) =>
        options.UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new StoreExecution(dependencies)));

    private static DbContextOptionsBuilder UseSqlite(DbContextOptionsBuilder options, string path)
    {
        CountNoMemory();
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = LongestWaitSeconds }.ConnectionString;
        return options.UseSqlite(connectionString, sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
            .AddInterceptors(new WritableConnections());
    }

    /// <summary>
    /// Logs database errors at Debug. A lasting failure is logged where the request ends. A missing schema at the first start and an id in use are no
    /// errors.
    /// </summary>
    private static void Quieten(DbContextOptionsBuilder options) => options.ConfigureWarnings(warnings => warnings.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.ExecutionStrategyRetrying, LogLevel.Debug),
        (CoreEventId.QueryIterationFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));

    /// <summary>
    /// Turns off the memory statistics of SQLite, which count the memory of all connections under one lock. Only the first call in a process has an
    /// effect.
    /// </summary>
    private static void CountNoMemory()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }
}

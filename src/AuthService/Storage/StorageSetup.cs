using AuthService.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace AuthService.Storage;

internal static class StorageSetup
{
    /// <summary>PostgreSQL when <c>ConnectionStrings:Postgres</c> is set, otherwise one SQLite file (<c>Sqlite:Path</c>).</summary>
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
        services.AddScoped(provider => provider.GetRequiredService<DatabaseContexts>().Create());
        services.AddScoped<Store>();
        services.AddSingleton<BatchConnections>();
        services.AddSingleton<SchemaMigrator>();
        return services;
    }

    /// <summary>
    /// EF Core's model takes a third of a start, and needs nothing of the rest of it: it is built beside it. What fails here is told where it is
    /// used; settings that are wrong, where all are looked at.
    /// </summary>
    public static void BuildModelAhead(this IHost host) => _ = Task.Run(() =>
    {
        using var db = host.Services.GetRequiredService<IDbContextFactory<AuthDbContext>>().CreateDbContext();
        return db.Model;
    });

    /// <summary>
    /// <see cref="DatabaseContexts"/> sets the connection. Given a data source here, EF Core would keep a model and its translated queries for each; this way
    /// all instances in the process of the tests share them.
    /// </summary>
    private static DbContextOptionsBuilder UsePostgres(DbContextOptionsBuilder options) =>
        options.UseNpgsql(npgsql => npgsql.ExecutionStrategy(dependencies => new StoreExecution(dependencies)));

    private static DbContextOptionsBuilder UseSqlite(DbContextOptionsBuilder options, string path)
    {
        CountNoMemory();
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;
        return options.UseSqlite(connectionString, sqlite => sqlite.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter))
            .AddInterceptors(new WritableConnections());
    }

    /// <summary>What fails for good is logged where the request ends; a first look for the schema, or an id in use, is no error.</summary>
    private static void Quieten(DbContextOptionsBuilder options) => options.ConfigureWarnings(warnings => warnings.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (CoreEventId.ExecutionStrategyRetrying, LogLevel.Debug),
        (CoreEventId.QueryIterationFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));

    /// <summary>
    /// SQLite counts the memory of all connections under one lock, at which they would wait for each other. Later calls in a
    /// process change nothing.
    /// </summary>
    private static void CountNoMemory()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }
}

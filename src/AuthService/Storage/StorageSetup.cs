using AuthService.Configuration;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using SQLitePCL;

namespace AuthService.Storage;

internal static class StorageSetup
{
    /// <summary>What metrics call the pool; by default it would be the connection string.</summary>
    private const string PoolName = "authservice";

    private const int LongestWaitSeconds = 5;
    private const int KeepAliveSeconds = 30;
    private const int LongestPauseSeconds = 20;

    /// <summary>PostgreSQL when <c>ConnectionStrings:Postgres</c> is set, otherwise one SQLite file (<c>Sqlite:Path</c>).</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddSettings<StorageOptions, StorageOptionsValidator>(configuration);
        services.AddSingleton(provider => CreatePool(provider.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.AddPooledDbContextFactory<AuthDbContext>((provider, options) =>
        {
            var storage = provider.GetRequiredService<IOptions<StorageOptions>>().Value;
            Quieten(storage.IsPostgres
                ? UsePostgres(options, provider.GetRequiredService<NpgsqlDataSource>())
                : UseSqlite(options, Path.GetFullPath(storage.Sqlite.Path, environment.ContentRootPath)));
        });
        services.AddScoped<Store>();
        services.AddSingleton<BatchConnections>();
        services.AddSingleton<SchemaMigrator>();
        return services;
    }

    private static DbContextOptionsBuilder UsePostgres(DbContextOptionsBuilder options, NpgsqlDataSource pool) => options.UseNpgsql(
        pool, npgsql => npgsql.ExecutionStrategy(dependencies => new StoreExecution(dependencies))).AddInterceptors(new UnconfirmedCommits());

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

    /// <summary>Of several hosts the one that takes writes, unless the setting says otherwise: this service always writes.</summary>
    private static NpgsqlDataSource CreatePool(StorageOptions options)
    {
        var settings = ForManySmallStatements(PostgresAddress.Read(options.ConnectionStrings.Postgres ?? ""));
        var given = settings.TargetSessionAttributes?.Replace("-", "", StringComparison.Ordinal);
        var target = Enum.TryParse<TargetSessionAttributes>(given, ignoreCase: true, out var known)
            ? known
            : TargetSessionAttributes.Primary;
        settings.TargetSessionAttributes = null;
        var pool = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = PoolName }
            .UsePhysicalConnectionInitializer(
                connection => Initialize(connection).ExecuteNonQuery(), connection => Initialize(connection).ExecuteNonQueryAsync())
            .Build();
        return pool is NpgsqlMultiHostDataSource several ? several.WithTargetSession(target) : pool;
    }

    /// <summary>
    /// A transaction whose instance stands still, or behind a line that is cut, must not keep its locks for as long as TCP
    /// waits, which is hours. And a statement that was prepared is planned once: every one here goes by keys, whatever the
    /// values are. PgBouncer may give the connection to another one of ours, which has the same settings.
    /// </summary>
    private static NpgsqlCommand Initialize(NpgsqlConnection connection) =>
        new($"SET idle_in_transaction_session_timeout = '{LongestPauseSeconds}s'; SET plan_cache_mode = force_generic_plan", connection);

    /// <summary>
    /// What suits many small statements, where the connection string says nothing else. Statements that repeat are prepared
    /// on the server by themselves (not behind PgBouncer). Nobody waits longer than a few seconds for a connection or
    /// for an answer; what needs longer says so itself. Lost connections are noticed while nobody uses them.
    /// </summary>
    private static NpgsqlConnectionStringBuilder ForManySmallStatements(NpgsqlConnectionStringBuilder builder)
    {
        Default("Max Auto Prepare", () => builder.MaxAutoPrepare = 50);
        Default("No Reset On Close", () => builder.NoResetOnClose = true); // nothing here leaves anything behind on a connection
        Default("Timeout", () => builder.Timeout = LongestWaitSeconds);
        Default("Command Timeout", () => builder.CommandTimeout = LongestWaitSeconds);
        Default("Keepalive", () => builder.KeepAlive = KeepAliveSeconds);
        return builder;

        void Default(string keyword, Action set)
        {
            if (!builder.ShouldSerialize(keyword))
                set();
        }
    }
}

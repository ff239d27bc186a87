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
        if (configuration.GetConnectionString("Postgres") is { Length: > 0 } postgres)
        {
            services.AddOptions<StorageOptions>().Configure(options => options.Postgres = postgres).ValidateOnStart();
            services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
            services.AddSingleton(provider => CreatePool(provider.GetRequiredService<IOptions<StorageOptions>>().Value));
            services.AddPooledDbContextFactory<AuthDbContext>((provider, options) => Quieten(options.UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                npgsql => npgsql.ExecutionStrategy(dependencies => new RollbackRetries((AuthDbContext)dependencies.CurrentContext.Context)))));
        }
        else
        {
            CountNoMemory();
            var path = Path.GetFullPath(configuration["Sqlite:Path"] ?? "data/authservice.db", environment.ContentRootPath);
            var connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString;
            services.AddPooledDbContextFactory<AuthDbContext>(options => Quieten(options.UseSqlite(connectionString).AddInterceptors(new WritableConnections())));
        }

        services.AddSingleton<SchemaMigrator>();
        return services;
    }

    /// <summary>For what works through many rows: each statement may take a minute.</summary>
    public static void AllowLongStatements(this AuthDbContext db) => db.Database.SetCommandTimeout(TimeSpan.FromMinutes(1));

    /// <summary>What fails for good is logged where the request ends; a first look for the schema, or an id in use, is no error.</summary>
    private static void Quieten(DbContextOptionsBuilder options) => options.ConfigureWarnings(warnings => warnings.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));

    /// <summary>SQLite counts the memory of all connections under one lock, at which they would wait for each other. Later calls in a process change nothing.</summary>
    private static void CountNoMemory()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private static NpgsqlDataSource CreatePool(StorageOptions options) =>
        new NpgsqlDataSourceBuilder(ForManySmallStatements(options.Postgres)) { Name = PoolName }
            .UsePhysicalConnectionInitializer(connection => Initialize(connection).ExecuteNonQuery(), connection => Initialize(connection).ExecuteNonQueryAsync())
            .Build();

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
    /// for an answer; what needs longer says so itself. Dead connections are noticed while nobody uses them.
    /// </summary>
    private static string ForManySmallStatements(string? connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        Default("Max Auto Prepare", () => builder.MaxAutoPrepare = 50);
        Default("No Reset On Close", () => builder.NoResetOnClose = true); // nothing here leaves anything behind on a connection
        Default("Timeout", () => builder.Timeout = LongestWaitSeconds);
        Default("Command Timeout", () => builder.CommandTimeout = LongestWaitSeconds);
        Default("Keepalive", () => builder.KeepAlive = KeepAliveSeconds);
        return builder.ConnectionString;

        void Default(string keyword, Action set)
        {
            if (!builder.ShouldSerialize(keyword))
                set();
        }
    }
}

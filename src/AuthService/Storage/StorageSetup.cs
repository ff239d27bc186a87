using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthService.Storage;

internal static class StorageSetup
{
    /// <summary>What metrics call the pool; by default it would be the connection string.</summary>
    private const string PoolName = "authservice";

    /// <summary>PostgreSQL when <c>ConnectionStrings:Postgres</c> is set, otherwise one SQLite file (<c>Sqlite:Path</c>).</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration.GetConnectionString("Postgres") is { Length: > 0 } postgres)
        {
            services.AddOptions<StorageOptions>().Configure(options => options.Postgres = postgres).ValidateOnStart();
            services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
            services.AddSingleton(provider => new NpgsqlDataSourceBuilder(
                ForManySmallStatements(provider.GetRequiredService<IOptions<StorageOptions>>().Value.Postgres)) { Name = PoolName }.Build());
            services.AddDbContextPool<AuthDbContext>((provider, options) => Quieten(options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())));
        }
        else
        {
            var path = Path.GetFullPath(configuration["Sqlite:Path"] ?? "data/authservice.db", environment.ContentRootPath);
            services.AddDbContextPool<AuthDbContext>(options => Quieten(options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = path }.ConnectionString)));
        }

        services.AddSingleton<SchemaMigrator>();
        return services;
    }

    /// <summary>What fails for good is logged where the request ends; a first look for the schema, or an id in use, is no error.</summary>
    private static void Quieten(DbContextOptionsBuilder options) => options.ConfigureWarnings(warnings => warnings.Log(
        (CoreEventId.SaveChangesFailed, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug)));

    /// <summary>Statements that repeat are prepared on the server by themselves, unless the connection string says otherwise (as PgBouncer needs).</summary>
    private static string ForManySmallStatements(string? connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize("Max Auto Prepare"))
            builder.MaxAutoPrepare = 50;
        if (!builder.ShouldSerialize("No Reset On Close"))
            builder.NoResetOnClose = true; // nothing here leaves anything behind on a connection
        return builder.ConnectionString;
    }
}
